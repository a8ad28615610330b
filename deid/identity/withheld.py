"""Which identifying values a profile withholds from the new header: all but those that it keeps on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.datadict import tag_for_keyword

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.identity.known_values import KnownValue
    from deid.profile import Profile


def withheld(known: Sequence[KnownValue], profile: Profile) -> tuple[KnownValue, ...]:
    """The known values that may not be left anywhere in the new header.

    A value whose own attribute the profile keeps by rule (an institution's name under retain-institution-identity) is
    no secret of this release, wherever else it stands.
    """
    kept = {value.text for value in known if _is_kept(value, profile)}
    return tuple(value for value in known if value.text not in kept)


def _is_kept(value: KnownValue, profile: Profile) -> bool:
    tag = tag_for_keyword(value.keyword)
    return tag is not None and profile.rule_for(tag).code == "K"
