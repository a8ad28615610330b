"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes depends on what else the machine does; bounds on time are tests of their own.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
