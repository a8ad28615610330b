"""From an action code of Table E.1-1, possibly compound, to the single action that keeps the instance conformant.

Source: DICOM PS3.15 Table E.1-1a and E.1.1: a compound code such as `X/Z/D` offers a choice "unless … is required to
maintain IOD conformance (Type 3 versus Type 2 versus Type 1)"; Z is "a zero length value, or a non-zero length value
that may be a dummy value"; `X/Z/U*` stands on sequences that hold UID references: the U is done inside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deid.header.iod import AttributeType

DUMMY_ACTIONS = ("D", "U")


@dataclass(frozen=True, slots=True)
class Resolved:
    """One action code of K, X, Z, D, U, C."""

    code: str
    with_dummy: bool = False
    """For Z: the attribute needs a value here, so the empty value is replaced by a dummy."""


@lru_cache(maxsize=4096)
def resolve(code: str, attribute_type: AttributeType | None) -> Resolved:
    """Solve `code`, for example `X/Z/U*`, for an attribute of this type (None: unknown, taken as optional).

    Optional: the leftmost action. May be empty (2, 2C): U* if offered, else Z, else D or U. Needs a value (1, 1C): D or
    U if offered, else Z with a dummy. A code without choice stays as it is, but Z on an attribute that needs a value
    becomes Z with a dummy; X stays X, as PS3.15 E.1.1 has it, even where that breaks the IOD.
    """
    offered = [part.strip().rstrip("*") for part in code.split("/")]
    if attribute_type is not None and attribute_type.needs_value:
        chosen = _first(offered, (*DUMMY_ACTIONS, "Z"))
        return Resolved(chosen, with_dummy=chosen == "Z")
    if attribute_type is not None and attribute_type.needs_presence:
        # Z and U* both keep the type; U* also keeps what others rely on, such as the source images of a segmentation.
        return Resolved(_first(offered, ("U" if code.endswith("U*") else "Z", "Z", *DUMMY_ACTIONS)))
    return Resolved(offered[0])


def _first(offered: list[str], preferred: tuple[str, ...]) -> str:
    return next((action for action in preferred if action in offered), offered[0])
