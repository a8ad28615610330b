"""What becomes of an attribute besides its rule, in a sentence: for `deid profiles explain`."""

from __future__ import annotations

from deid.attributes.attribute import SPECIFIC_CHARACTER_SET
from deid.header.content_items import is_value
from deid.header.kept import CHARACTER_SET, KNOWN_VALUES, PASSED_OVER
from deid.header.passed_over import is_prose, passed_over
from deid.plan import tag_text


def afterwards(tag: int, vr: str, *, kept: bool, listed: bool) -> str | None:
    """What the header room does with a public attribute besides its rule; None if only the rule counts.

    Args:
        tag: The attribute.
        vr: Its VR.
        kept: Whether its rule keeps it.
        listed: Whether a rule names it.
    """
    if is_value(tag):
        return (
            "In a content item that stands for another attribute, such as Subject ID for Patient ID, the rule of that "
            "attribute decides (PS3.15 E.3.4)"
        )
    return _of_kept(tag, vr, listed=listed) if kept else None


def _of_kept(tag: int, vr: str, *, listed: bool) -> str | None:
    if tag == SPECIFIC_CHARACTER_SET:
        return f"A name that is no defined term becomes the one that it means (rule `{CHARACTER_SET}`)"
    why = None if listed else passed_over(tag, vr)
    if why is not None:
        return f"It goes all the same (rule `{PASSED_OVER}`): {why}. Name {tag_text(tag)} in a rule if it is to stay"
    if vr == "SQ":
        return None
    checked = f"what identifies this patient is cut out, or takes it along (rule `{KNOWN_VALUES}`)"
    if not listed and is_prose(tag, vr):
        return f"It is checked: {checked}, and so is what a title, a cue or its form gives away (`{PASSED_OVER}`)"
    return f"It is checked: {checked}"
