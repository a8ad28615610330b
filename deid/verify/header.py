"""Does the new header do what the plan says, and nothing else?"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pydicom import config
from pydicom.dataelem import DataElement, convert_raw_data_element

from deid.attributes.attribute import KNOWN_VRS
from deid.attributes.charset import decode
from deid.attributes.tree import attributes
from deid.attributes.vrs import CHARACTER_SET_VRS, CODE_VRS
from deid.errors import InstanceError, Reason
from deid.header.marks import MARKS
from deid.header.values import base_vr
from deid.plan import Empty, Keep, Remove, Replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from deid.attributes.attribute import Attribute
    from deid.plan import Decision

_TEXTS = (CHARACTER_SET_VRS - CODE_VRS) | {"DA", "TM", "UI"}
"""VRs whose values are compared as they are written: pydicom reads them as what they hold."""
# What redaction keeps true, and other rooms check.
_FOLLOWS_PIXELS = frozenset(
    {0x00280004, 0x00280106, 0x00280107, 0x7FE00001, 0x7FE00002, 0x7FE00008, 0x7FE00009, 0x7FE00010}
)


def check_header(
    original: Dataset, released: Dataset, decisions: Sequence[Decision], *, pixels_edited: bool = False
) -> None:
    """Compare the new data set, read again from its bytes, with the original and the plan.

    Args:
        original: The original.
        released: The new data set.
        decisions: One for every attribute of the original.
        pixels_edited: Whether pixel data, and the attributes that follow it, may be others.

    Raises:
        InstanceError: PLAN_NOT_REALISED, naming the attribute: a planned change is missing, a kept value differs, or
            there is an attribute that no decision accounts for.
    """
    before = dict(attributes(original))
    after = dict(attributes(released))
    ours = MARKS | _FOLLOWS_PIXELS if pixels_edited else MARKS
    for decision in decisions:
        if decision.path.parents or decision.path.tag not in ours:
            check_attribute(decision, before.get(decision.path), after.get(decision.path))
    planned = {decision.path for decision in decisions}
    for path in after:
        if path not in planned and (path.parents[0][0] if path.parents else path.tag) not in ours:
            raise InstanceError(Reason.PLAN_NOT_REALISED, f"{path}: no decision accounts for it")


def check_attribute(decision: Decision, before: Attribute | None, after: Attribute | None) -> None:
    """Compare one attribute as it was and as it is with what was decided.

    Raises:
        InstanceError: PLAN_NOT_REALISED.
    """
    problem = _problem(decision, before, after)
    if problem:
        raise InstanceError(Reason.PLAN_NOT_REALISED, f"{decision.path}: {problem}")


def _problem(decision: Decision, before: Attribute | None, after: Attribute | None) -> str:
    if after is not None and after.stored_vr is not None and after.stored_vr not in KNOWN_VRS:
        return "of no VR"
    match decision.change:
        case Remove():
            return "still there" if after is not None else ""
        case Empty():
            return "" if after is not None and after.is_empty else "not empty"
        case Keep():
            return _kept(before, after)
        case Replace():
            return _replaced(decision, after)
        case _:
            assert_never(decision.change)


def _kept(before: Attribute | None, after: Attribute | None) -> str:
    if after is None:
        return "lost"
    if before is None or after.is_sequence:
        return ""
    if before.data != after.data:
        return "changed"
    if before.stored_vr == after.stored_vr or after.stored_vr is None or before.stored_vr not in KNOWN_VRS:
        return ""  # what had no VR, or one that is none, has it from the dictionary
    return "of another VR"


def _replaced(decision: Decision, after: Attribute | None) -> str:
    if after is None:
        return "lost"
    if after.is_sequence or not isinstance(decision.change, Replace):
        return ""
    # What came as UN, or in implicit VR, has its VR from the decision.
    vr = base_vr(decision.vr) if after.stored_vr in (None, "UN") else after.vr
    if vr in _TEXTS:
        return _text_replaced(decision.change.value, vr, after)
    planned = DataElement(decision.path.tag, vr, decision.change.value, validation_mode=config.IGNORE)
    return "" if str(_converted(after, vr).value) == str(planned.value) else "not the planned value"


def _text_replaced(value: str | list[str], vr: str, after: Attribute) -> str:
    text = None if after.data is None else decode(after.data, after.encodings, vr)
    planned = value if isinstance(value, str) else "\\".join(value)
    return "" if text is not None and text.rstrip(" \0") == planned.rstrip(" \0") else "not the planned value"


def _converted(attribute: Attribute, vr: str) -> DataElement:
    if isinstance(attribute.element, DataElement):
        return attribute.element
    # UN holds little endian whatever the file's byte order (PS3.5 6.2.2).
    little = attribute.element.is_little_endian or attribute.element.VR == "UN"
    raw = attribute.element._replace(VR=vr, is_little_endian=little)
    return convert_raw_data_element(raw, encoding=list(attribute.encodings))
