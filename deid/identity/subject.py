"""The patient as far as a run knows them: pseudonym, date offset, and the identifying values their header holds."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final

from pydicom.datadict import keyword_for_tag

from deid.attributes.attribute import SPECIFIC_CHARACTER_SET, read_attribute
from deid.attributes.charset import DEFAULT
from deid.attributes.tree import attributes, item_encodings
from deid.errors import InstanceError, Reason
from deid.identity.attributes import kind_of
from deid.identity.content import CONTENT_SEQUENCE, identifying_items
from deid.identity.known_values import KnownValue, ValueKind
from deid.identity.pseudonym import patient_pseudonym
from deid.identity.strength import is_searchable
from deid.identity.texts import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

    from deid.attributes.attribute import Attribute
    from deid.identity.key import Key
    from deid.plan import AttributePath
    from deid.profile.lookup.model import SubjectBy

MAX_KNOWN_VALUES: Final = 4096
_PATIENT_NAME: Final = 0x00100010
_PATIENT_ID: Final = 0x00100020
_ISSUER: Final = 0x00100021
_BIRTH_DATE: Final = 0x00100030
_STUDY_UID: Final = 0x0020000D
_INSTANCE_UID: Final = 0x00080018
_MANUFACTURER_TAGS: Final = (0x00080070, 0x00081090)
_ASKED_TAGS: Final = frozenset(
    {SPECIFIC_CHARACTER_SET, _PATIENT_NAME, _PATIENT_ID, _ISSUER, _BIRTH_DATE, _STUDY_UID, *_MANUFACTURER_TAGS}
)
"""The instance's own UID counts only where there is neither patient nor study."""
_NAMES: Final = frozenset({ValueKind.PATIENT_NAME, ValueKind.PERSON_NAME})
_NUMBERED: Final = frozenset({ValueKind.PATIENT_ID, ValueKind.IDENTIFIER})
_LONG_NUMBER: Final = re.compile(r"[0-9]{6,}")
_TIME_BEHIND_DATE: Final = re.compile(
    r"(?<![0-9])((?:(?:19|20)[0-9]{2}|[0-9]{2})([-.]?)(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12][0-9]|3[01]))"
    r"[-._ T](?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9](?![0-9])"
)
"""As scanners make identifiers of steps, and of patients whose own nobody typed in."""
_DATES: Final = frozenset({ValueKind.DATE, ValueKind.BIRTH_DATE})
_MAY_NAME_EQUIPMENT: Final = frozenset({ValueKind.IDENTIFIER, ValueKind.INSTITUTION})
_PADDING: Final = " \0\t\r\n"
_DATE_SEPARATORS: Final = re.compile(r"(\d{4})[.\-/](\d{2})[.\-/](\d{2})")
_MIN_OFFSET_DAYS: Final = 365
_MAX_OFFSET_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class Subject:
    """What is derived from the key for a patient, and what gives them away.

    Attributes:
        pseudonym: Pseudonymous patient ID, such as `DEID-7Q2K9XM4TBNC`.
        date_offset_days: Whole days by which the patient's dates move: always into the past, by one to ten years.
        known_values: The identifying values in this instance's header, each once for each keyword that holds it.
    """

    pseudonym: str
    date_offset_days: int
    known_values: tuple[KnownValue, ...] = field(repr=False)


def subject_of(dataset: Dataset, key: Key, by: SubjectBy = "issuer-and-patient-id") -> Subject:
    """Read the subject from the original header, nested items included; `dataset` is not changed.

    Args:
        dataset: The original.
        key: The secret key.
        by: What makes two instances the same patient's; see `subject_scope`.

    Raises:
        InstanceError: MALFORMED, if an identifying attribute can't be read; TOO_LARGE, if there are more than
            `MAX_KNOWN_VALUES` different identifying values. What can't be looked for can't be released.
    """
    scope = subject_scope(dataset, by)
    return Subject(patient_pseudonym(key, scope), _date_offset(key, scope), _known_values(dataset))


def tells_of_subject(dataset: Dataset) -> frozenset[int]:
    """The tags of those top-level attributes that `subject_of` learns something from, in themselves or their items."""
    return frozenset(
        path.parents[0][0] if path.parents else path.tag
        for path, attribute in attributes(dataset)
        if path.tag in _ASKED_TAGS or path.tag == CONTENT_SEQUENCE or _kind(path, attribute) is not None
    )


def subject_scope(dataset: Dataset, by: SubjectBy = "issuer-and-patient-id") -> tuple[str, ...]:
    """What makes two instances the same patient's.

    Issuer and patient ID, or by `patient-id` the latter alone: for collections in which only some instances of a
    patient name an issuer. Without an ID, name and birth date, if both are there; else the study; else the instance.
    Case, padding, repeated blanks, and empty name components at the end make no difference. A placeholder such as
    `ANONYMOUS` counts as an ID: instances that shared one before share a pseudonym afterwards. An instance without even
    a SOP Instance UID is never released, so that it doesn't matter that those share a scope.
    """
    patient_id = _identity(dataset, _PATIENT_ID)
    if patient_id:
        issuer = _identity(dataset, _ISSUER) if by == "issuer-and-patient-id" else ""
        return ("patient-id", issuer, patient_id)
    name, birth_date = _name_identity(_first_text(dataset, _PATIENT_NAME)), _identity(dataset, _BIRTH_DATE)
    if name and birth_date:
        return ("name", name, birth_date)
    study = _identity(dataset, _STUDY_UID)
    return ("study", study) if study else ("instance", _identity(dataset, _INSTANCE_UID))


def _date_offset(key: Key, scope: tuple[str, ...]) -> int:
    number = int.from_bytes(key.derive("date-offset", *scope)[:8], "big")
    return -(_MIN_OFFSET_DAYS + number % (_MAX_OFFSET_DAYS - _MIN_OFFSET_DAYS + 1))


def _first_text(dataset: Dataset, tag: int) -> str:
    """The whole value as text, in its declared encoding."""
    if tag not in dataset:
        return ""
    attribute = read_attribute(dataset, tag, item_encodings(dataset, DEFAULT))
    return next(iter(texts_of(attribute)), "")


def _identity(dataset: Dataset, tag: int) -> str:
    return _normalised(_first_text(dataset, tag))


def _normalised(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("\0", " ").casefold().split())


def _name_identity(name: str) -> str:
    """A name for comparison: its first component group that is not empty (PS3.5 6.2.1)."""
    groups = ("^".join(_normalised(part) for part in group.split("^")).rstrip("^") for group in name.split("="))
    return next((group for group in groups if group), "")


def _known_values(dataset: Dataset) -> tuple[KnownValue, ...]:
    equipment = {_identity(dataset, tag) for tag in _MANUFACTURER_TAGS}
    spellings: dict[str, str] = {}
    # One value a keyword, too: a profile may keep one of two attributes that hold the same.
    found: dict[tuple[ValueKind, str, str], KnownValue] = {}
    for attribute, kind, keyword in chain(_identifying_attributes(dataset), identifying_items(dataset)):
        for text in _searchable_texts(attribute, kind):
            normalised = _normalised(text)
            if kind in _MAY_NAME_EQUIPMENT and normalised in equipment:
                continue  # a station named after its model: hiding the model everywhere would help nobody
            spelling = spellings.setdefault(normalised, text)
            found.setdefault((kind, normalised, keyword), KnownValue(spelling, kind, keyword))
        if len(found) > MAX_KNOWN_VALUES:
            raise InstanceError(Reason.TOO_LARGE, f"more than {MAX_KNOWN_VALUES} identifying values in the header")
    return tuple(found.values())


def _identifying_attributes(dataset: Dataset) -> Iterator[tuple[Attribute, ValueKind, str]]:
    for path, attribute in attributes(dataset):
        kind = _kind(path, attribute)
        if kind is not None:
            yield attribute, kind, keyword_for_tag(path.tag) or f"{path.tag:08X}"


def _kind(path: AttributePath, attribute: Attribute) -> ValueKind | None:
    if attribute.is_sequence:
        return None
    return kind_of(path.tag, attribute.vr, path.parents[-1][0] if path.parents else 0)


def _searchable_texts(attribute: Attribute, kind: ValueKind) -> Iterator[str]:
    for value in texts_of(attribute):
        for text in _forms(value, kind):
            if is_searchable(text, kind):
                yield text


def _forms(value: str, kind: ValueKind) -> list[str]:
    """A value as it can be searched for: a name by component group, a bare date, an identifier and its number."""
    text = value.strip(_PADDING)
    if kind in _NAMES:
        return [group.strip(_PADDING + "^") for group in text.split("=")]
    if kind in _DATES:
        return [_DATE_SEPARATORS.sub(r"\1\2\3", text)[:8]]
    if kind in _NUMBERED:
        # `MRN8842617` is written without its letters elsewhere. The time of `20240131.172449` is no number of anybody.
        numbers = _LONG_NUMBER.findall(_TIME_BEHIND_DATE.sub(r"\1", text))
        return list(dict.fromkeys([text, *numbers]))
    return [text]
