"""A presentation state can still be read: DCMTK refuses one without date and time of its creation (type 1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydicom.dataset import Dataset

from deid.profile import load_profile
from deid.text import TextEngine

GRAYSCALE, COLOR, CT = "1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.5.1.4.1.1.11.2", "1.2.840.10008.5.1.4.1.1.2"
FULL, MODIFIED = "retain-longitudinal-full-dates", "retain-longitudinal-modified-dates"


def state(sop_class: str) -> Dataset:
    dataset = Dataset()
    dataset.set_original_encoding(is_implicit_vr=False, is_little_endian=True)
    dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, "1.2.3.4"
    dataset.PresentationCreationDate, dataset.PresentationCreationTime = "20210615", "141414"
    return dataset


@pytest.mark.parametrize("sop_class", [GRAYSCALE, COLOR])
@pytest.mark.parametrize(
    ("options", "expected"),
    [((), ("19000101", "000000")), ((FULL,), ("20210615", "141414")), ((MODIFIED,), ("20210516", "141414"))],
)
def test_it_says_when_it_was_made_or_a_dummy(
    sop_class: str, options: tuple[str, ...], expected: tuple[str, str], deid: Any
) -> None:
    room = replace(deid, profile=load_profile("basic", options), scrub=TextEngine())
    new = room.apply(state(sop_class))
    assert (new.PresentationCreationDate, new.PresentationCreationTime) == expected


def test_where_it_is_not_needed_it_goes_as_the_table_says(deid: Any) -> None:
    assert "PresentationCreationDate" not in deid.apply(state(CT))
