"""Identifying values in the content items of reports, known by their concept names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydicom.datadict import dictionary_VR

from deid.attributes.keywords import tag_of
from deid.attributes.tree import attributes
from deid.identity.attributes import kind_of
from deid.identity.concepts import KEYWORDS
from deid.identity.known_values import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

    from deid.attributes.attribute import Attribute

CONTENT_SEQUENCE: Final = 0x0040A730
_CONCEPT_NAME, _CODE_VALUE, _DESIGNATOR = 0x0040A043, 0x00080100, 0x00080102
_DATE, _TEXT_VALUE = 0x0040A121, 0x0040A160
_PERSON_ID: Final = ("DCM", "113871")
"""Its rule is that of a name, as PS3.15 has none for it; its value is a number."""


def identifying_items(dataset: Dataset) -> Iterator[tuple[Attribute, ValueKind, str]]:
    """The text or date of each content item that identifies, with its kind and the keyword that stands for it.

    Raises:
        InstanceError: MALFORMED or TOO_LARGE, for a data set that can't be walked.
    """
    if CONTENT_SEQUENCE not in dataset:
        return
    values: dict[tuple[tuple[int, int], ...], Attribute] = {}
    concepts: dict[tuple[tuple[int, int], ...], dict[int, str]] = {}
    for path, attribute in attributes(dataset):
        if path.tag in {_TEXT_VALUE, _DATE}:
            values[path.parents] = attribute
        elif path.tag in {_CODE_VALUE, _DESIGNATOR} and path.parents and path.parents[-1] == (_CONCEPT_NAME, 0):
            text = (attribute.data or b"").decode("latin-1").strip(" \0")
            concepts.setdefault(path.parents[:-1], {})[path.tag] = text
    for parents, attribute in values.items():
        code = concepts.get(parents, {})
        concept = (code.get(_DESIGNATOR, ""), code.get(_CODE_VALUE, ""))
        keyword = KEYWORDS.get(concept)
        kind = _kind_of(concept, keyword) if keyword else None
        if keyword and kind:
            yield attribute, kind, keyword


def _kind_of(concept: tuple[str, str], keyword: str) -> ValueKind | None:
    tag = tag_of(keyword)
    return ValueKind.IDENTIFIER if concept == _PERSON_ID else kind_of(tag, dictionary_VR(tag), 0)
