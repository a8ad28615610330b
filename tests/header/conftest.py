"""What the header room needs of the others: the real profile and key, an exact scrubber, and a small DICOM encoder."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pydicom
import pytest
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.filebase import DicomIO

from deid.header import add_marks, apply_header, new_file_meta, plan_header
from deid.identity.key import Key
from deid.identity.known_values import KnownValue, ValueKind
from deid.identity.subject import Subject
from deid.profile import Profile, Rule, load_profile
from deid.text.spans import Scrubbed, Span
from deid.writing import PREAMBLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deid.plan import Decision

LONG_VRS = {"OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UC", "UN", "UR", "UT", "SV", "UV"}
SECRET = "ZYXWVUT"  # noqa: S105 - a name to look for


class ExactScrubber:
    """Cuts known values, whatever their case; `clean` also cuts what looks like a date."""

    def scrub(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        return self._cut(text, [re.escape(value.text) for value in known])

    scrub_code = scrub_evident = scrub_typed = scrub

    def clean(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        return self._cut(text, [*(re.escape(value.text) for value in known), r"\d{8}"])

    @staticmethod
    def _cut(text: str, patterns: list[str]) -> Scrubbed:
        if not patterns:
            return Scrubbed(text, ())
        found = list(re.finditer("|".join(patterns), text, re.IGNORECASE))
        spans = tuple(Span(match.start(), match.end(), "known", "known value", 1.0) for match in found)
        kept, at = "", 0
        for span in spans:
            kept, at = kept + text[at : span.start], span.end
        return Scrubbed(kept + text[at:], spans)


class Encoder:
    """Writes elements byte by byte, so that tests can plant what pydicom would not write."""

    def __init__(self, *, implicit: bool = False, little: bool = True) -> None:
        self.implicit = implicit
        self.order = "<" if little else ">"

    def element(self, tag: int, vr: str, value: bytes, *, undefined: bool = False) -> bytes:
        length = 0xFFFFFFFF if undefined else len(value)
        head = struct.pack(f"{self.order}HH", tag >> 16, tag & 0xFFFF)
        if self.implicit:
            head += struct.pack(f"{self.order}L", length)
        elif vr in LONG_VRS or undefined:
            head += vr.encode() + b"\0\0" + struct.pack(f"{self.order}L", length)
        else:
            head += vr.encode() + struct.pack(f"{self.order}H", length)
        return head + value + (struct.pack(f"{self.order}HHL", 0xFFFE, 0xE0DD, 0) if undefined else b"")

    def item(self, content: bytes, *, undefined: bool = False) -> bytes:
        length = 0xFFFFFFFF if undefined else len(content)
        end = struct.pack(f"{self.order}HHL", 0xFFFE, 0xE00D, 0) if undefined else b""
        return struct.pack(f"{self.order}HHL", 0xFFFE, 0xE000, length) + content + end

    @property
    def transfer_syntax(self) -> str:
        if self.order == ">":
            return "1.2.840.10008.1.2.2"
        return "1.2.840.10008.1.2" if self.implicit else "1.2.840.10008.1.2.1"

    def read(self, elements: dict[int, bytes], sop_class: str = "1.2.840.10008.5.1.4.1.1.2") -> FileDataset:
        """A data set as `dcmread` gives it, with these encoded elements and what every instance has."""
        base = {
            0x00080016: self.element(0x00080016, "UI", _even(sop_class.encode(), b"\0")),
            0x00080018: self.element(0x00080018, "UI", b"1.2.3.4\0"),
        }
        body = b"".join(data for _, data in sorted({**base, **elements}.items()))
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = pydicom.uid.UID(self.transfer_syntax)
        meta.MediaStorageSOPClassUID = pydicom.uid.UID(sop_class)
        meta.MediaStorageSOPInstanceUID = pydicom.uid.UID("1.2.3.4")
        stream = io.BytesIO()
        stream.write(b"old preamble".ljust(128, b"\1") + b"DICM")
        pydicom.filewriter.write_file_meta_info(DicomIO(stream), meta)
        stream.write(body)
        stream.seek(0)
        return pydicom.dcmread(stream)


def _even(value: bytes, padding: bytes = b" ") -> bytes:
    return value + padding * (len(value) % 2)


@dataclass(frozen=True)
class Deid:
    """Plan, apply, mark and write, as the way of an instance does it."""

    profile: Profile
    subject: Subject
    key: Key
    scrub: ExactScrubber

    def plan(self, dataset: Dataset) -> dict[str, Decision]:
        decisions = plan_header(dataset, self.profile, self.subject, self.key, self.scrub)
        by_path = {str(decision.path): decision for decision in decisions}
        assert len(by_path) == len(decisions), "one decision an attribute"
        return by_path

    def apply(self, dataset: Dataset) -> Dataset:
        return apply_header(dataset, tuple(self.plan(dataset).values()))

    def write(self, dataset: Dataset, *, pixels_checked: bool = True) -> bytes:
        new = self.apply(dataset)
        add_marks(new, self.profile, pixels_checked=pixels_checked)
        new.file_meta = new_file_meta(getattr(dataset, "file_meta", None), new)
        new.preamble = PREAMBLE
        stream = io.BytesIO()
        pydicom.dcmwrite(stream, new, enforce_file_format=True)
        return stream.getvalue()

    def with_rules(self, rules: dict[int, str], *, private: str | None = None) -> Deid:
        made = {tag: Rule(f"test {tag:08X}", code, None, "for the test") for tag, code in rules.items()}
        profile = replace(self.profile, exact={**self.profile.exact, **made})
        if private is not None:
            profile = replace(profile, private=Rule("test private", private, None, "for the test"))
        return replace(self, profile=profile)

    def knowing(self, *values: str, kind: ValueKind = ValueKind.PATIENT_NAME) -> Deid:
        known = tuple(KnownValue(value, kind, "PatientName") for value in values)
        return replace(self, subject=replace(self.subject, known_values=known))


@pytest.fixture(scope="session")
def key() -> Key:
    return Key.generate()


@pytest.fixture(scope="session")
def basic() -> Profile:
    return load_profile("basic")


@pytest.fixture
def deid(basic: Profile, key: Key) -> Deid:
    subject = Subject("DEID-TEST", -30, (KnownValue(SECRET, ValueKind.PATIENT_NAME, "PatientName"),))
    return Deid(basic, subject, key, ExactScrubber())


@pytest.fixture
def explicit() -> Encoder:
    return Encoder()


@pytest.fixture
def implicit() -> Encoder:
    return Encoder(implicit=True)


@pytest.fixture
def encoder() -> Callable[..., Any]:
    return Encoder


@pytest.fixture
def secret() -> str:
    return SECRET
