"""Values that a rule puts in: templates with fields, and whether a value fits its VR."""

from __future__ import annotations

from pydicom.config import RAISE
from pydicom.valuerep import validate_value

PSEUDONYM_FIELD = "{pseudonym}"
HASH_FIELD = "{hash}"
FIELDS = {
    PSEUDONYM_FIELD: "the pseudonymous patient ID",
    HASH_FIELD: "16 letters and digits made from the key and the original value, the same for the same original",
}
_SAMPLES = {PSEUDONYM_FIELD: "DEID-XXXXXXXXXXXX", HASH_FIELD: "XXXXXXXXXXXXXXXX"}


def sample_of(template: str) -> str | None:
    """The template with samples in its fields; None if it has braces that are none of them."""
    for template_field, sample in _SAMPLES.items():
        template = template.replace(template_field, sample)
    return None if "{" in template or "}" in template else template


def fits_vr(value: str, vr: str) -> bool:
    """Whether one value is valid in a VR whose values are texts (PS3.5 6.2)."""
    if "\\" in value:
        return False
    try:
        validate_value(vr, value, RAISE)
    except ValueError:
        return False
    return True
