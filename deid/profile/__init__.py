"""Profiles: which action on which attribute, read from YAML and compiled to a look-up."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from deid.profile.lookup.model import OptionInfo, Profile, ProfileInfo, Rule, TextPolicy
from deid.profile.lookup.pixel_policy import PixelPolicy

if TYPE_CHECKING:
    from deid.profile.reading.loader import list_options, list_profiles
    from deid.profile.stored import load_profile

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


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    """What reads profiles is loaded when it is asked for: workers get theirs compiled."""
    if name not in __all__:
        raise AttributeError(name)
    module = "deid.profile.stored" if name == "load_profile" else "deid.profile.reading.loader"
    return getattr(import_module(module), name)
