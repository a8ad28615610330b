"""Hostile bytes, size, and the real text engine: an outcome, never another exception, never a leak."""

from __future__ import annotations

import io
import random
import time
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.attributes import tree
from deid.errors import InstanceError, Reason
from deid.header import add_marks, apply_header
from deid.identity.known_values import KnownValue, ValueKind
from deid.text import TextEngine

BASES = [
    "CT_small.dcm",
    "MR_small_implicit.dcm",
    "rtplan.dcm",
    "test-SR.dcm",
    "UN_sequence.dcm",
    "MR_small_bigendian.dcm",
]
INSERTS = [b"\xfe\xff\x00\xe0\xff\xff\xff\xff", b"UN\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0", b"\x1b$B", b"\\", b"SQ"]


def damaged(data: bytes, seed: int) -> bytes:
    """The file with some bytes of its header changed, put in or taken out."""
    chance, new = random.Random(seed), bytearray(data)  # noqa: S311 - not for secrets
    for _ in range(chance.choice([1, 2, 5, 20])):
        at, kind = chance.randrange(400, min(len(new), 5000) - 8), chance.random()
        if kind < 0.6:
            new[at] = chance.randrange(256)
        elif kind < 0.8:
            new[at:at] = chance.choice(INSERTS)
        else:
            del new[at : at + chance.randrange(1, 9)]
    return bytes(new)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(BASES), seed=st.integers(0, 1 << 32))
def test_damaged_files_end_in_an_outcome(name: str, seed: int, deid: Any) -> None:
    path = get_testdata_file(name, download=False)
    assert path is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = pydicom.dcmread(io.BytesIO(damaged(Path(path).read_bytes(), seed)))
        except Exception:  # noqa: BLE001 - what pydicom can't read at all is the reader's matter
            return
        try:
            new = deid.apply(dataset)
        except InstanceError:
            return
        add_marks(new, deid.profile, pixels_checked=True)


def test_with_the_text_engine(deid: Any, explicit: Any) -> None:
    known = (
        KnownValue("Quarterman^Jessamine", ValueKind.PATIENT_NAME, "PatientName"),
        KnownValue("PX-771-044", ValueKind.PATIENT_ID, "PatientID"),
    )
    room = replace(deid, scrub=TextEngine(), subject=replace(deid.subject, known_values=known))
    texts = [b"IV for JESSAMINE QUARTERMAN ", b"quarterman\\IV ", b"id PX-771-044 IV", b"Quarterman, Jessamine IV"]
    for text in texts:
        data = explicit.read(
            {
                0x00181040: explicit.element(0x00181040, "LO", text + b" " * (len(text) % 2)),
                0x00080060: explicit.element(0x00080060, "CS", b"CT"),
            }
        )
        written = room.write(data)
        # Three digits alone would turn up in a new UID by chance.
        for name in (b"quarterman", b"jessamine", b"px-771", b"771-044"):
            assert name not in written.lower()
        assert b"IV" in written
        assert pydicom.dcmread(io.BytesIO(written)).Modality == "CT"


def test_number_of_attributes_is_bounded(deid: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_ATTRIBUTES", 10)
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3"
    data.ReferencedSeriesSequence = Sequence([Dataset() for _ in range(10)])
    for index, item in enumerate(data.ReferencedSeriesSequence):
        item.InstanceNumber = index
    with pytest.raises(InstanceError) as caught:
        deid.plan(data)
    assert caught.value.reason is Reason.TOO_LARGE


def test_many_frames_take_time_in_proportion(deid: Any) -> None:
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.4.1", "1.2.3"
    frames = []
    for index in range(2000):
        content, frame = Dataset(), Dataset()
        content.FrameAcquisitionNumber, content.FrameComments = index, f"frame {index}"
        frame.FrameContentSequence = Sequence([content])
        frames.append(frame)
    data.PerFrameFunctionalGroupsSequence = Sequence(frames)
    start = time.perf_counter()
    decisions = deid.plan(data)
    apply_header(data, tuple(decisions.values()))
    assert len(decisions) == 6003
    assert time.perf_counter() - start < 10
