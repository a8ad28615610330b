"""Instances whose main content deid can't look into: they are not released.

What can't be checked is not released. An encapsulated PDF, CDA or model can name the patient on every page; Basic's D
for Encapsulated Document would leave an instance without its only content; and speech names people in words that no
step hears. Such instances go to quarantine at planning, before anything is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.attributes.attribute import read_attribute
from deid.attributes.charset import DEFAULT
from deid.errors import InstanceError, Reason
from deid.header.codes import text_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

ENCAPSULATED_DOCUMENT = 0x00420011
_ENCAPSULATED = "1.2.840.10008.5.1.4.1.1.104."
_AUDIO = ("1.2.840.10008.5.1.4.1.1.9.4.1", "1.2.840.10008.5.1.4.1.1.9.4.2")
WAVEFORM_SEQUENCE, _SAMPLE_INTERPRETATION = 0x54000100, 0x54001006
_COMPANDED = ("MB", "AB")
"""Samples by mu-law or A-law (PS3.3 C.10.9.1.5), as telephones code speech; signals of the body are linear."""


def refuse_unchecked_content(dataset: Dataset, sop_class: str) -> None:
    """Refuse encapsulated documents and models, and voice and general audio waveforms, in whatever instance.

    Raises:
        InstanceError: UNCHECKED_CONTENT.
    """
    if sop_class.startswith(_ENCAPSULATED) or _has_document(dataset):
        raise InstanceError(Reason.UNCHECKED_CONTENT, "encapsulated document")
    if sop_class in _AUDIO or _has_speech(dataset):
        raise InstanceError(Reason.UNCHECKED_CONTENT, "audio waveform")


def _has_document(dataset: Dataset) -> bool:
    if ENCAPSULATED_DOCUMENT not in dataset:
        return False
    return not read_attribute(dataset, ENCAPSULATED_DOCUMENT, DEFAULT).is_empty


def _has_speech(dataset: Dataset) -> bool:
    if WAVEFORM_SEQUENCE not in dataset:
        return False
    groups = read_attribute(dataset, WAVEFORM_SEQUENCE, DEFAULT).items or ()
    return any(text_of(group, _SAMPLE_INTERPRETATION) in _COMPANDED for group in groups)
