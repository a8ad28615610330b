"""Profiles: which action on which attribute, read from YAML and compiled to a look-up."""

from __future__ import annotations

from deid.profile.loader import list_options, list_profiles, load_profile
from deid.profile.model import OptionInfo, Profile, ProfileInfo, Rule, TextPolicy
from deid.profile.pixel_policy import PixelPolicy

__all__ = [
    "OptionInfo",
    "PixelPolicy",
    "Profile",
    "ProfileInfo",
    "Rule",
    "TextPolicy",
    "list_options",
    "list_profiles",
    "load_profile",
]
