"""Codes (PS3.3 8.8): those of public coding schemes name a concept and never a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from deid.attributes.attribute import read_attribute
from deid.attributes.charset import DEFAULT
from deid.header.values import values_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

CODE_VALUE: Final = 0x00080100
CODING_SCHEME_DESIGNATOR: Final = 0x00080102
_SCHEMES: Final = """
DCM SCT SRT SNM3 99SDM LN UCUM RADLEX RADELEMENT FMA BI MDC SCPECG NCIT UMLS MSH I9 I9C I10 I10P ICD10 ICD11 ICDO3
NEU MA UBERON ITIS_TSN IBSI ACR BARI C4 C5 CD2 CD8 NCDR NICIP NDC RXNORM PUBCHEM_CID PATHLEX ISO3166_1 ISO639_1
ISO639_2 RFC3066 RFC5646
"""
PUBLIC_CODING_SCHEMES: Final = frozenset(_SCHEMES.split())
"""PS3.16 Table 8-1, the schemes of clinical concepts, languages and countries; 99SDM is the old designator of SNOMED's
microglossary."""


def has_public_code(dataset: Dataset) -> bool:
    """Whether the item is a code of a public coding scheme."""
    return text_of(dataset, CODING_SCHEME_DESIGNATOR).upper() in PUBLIC_CODING_SCHEMES


def first_code(item: Dataset, sequence: int) -> tuple[str, str] | None:
    """Designator and value of the first code in a sequence of codes, None if it has none."""
    if sequence not in item:
        return None
    codes = read_attribute(item, sequence, DEFAULT).items
    return (text_of(codes[0], CODING_SCHEME_DESIGNATOR), text_of(codes[0], CODE_VALUE)) if codes else None


def text_of(item: Dataset, tag: int) -> str:
    """The first value of a short text of an item, empty if there is none."""
    values = values_of(read_attribute(item, tag, DEFAULT).data, "SH", DEFAULT) if tag in item else None
    return values[0].strip(" \0") if values else ""
