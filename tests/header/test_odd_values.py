"""Odd lengths, values beyond the limits of their VR, huge texts, patients without an ID or with a shared one."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any

import pydicom
import pytest

from deid.identity.key import Key
from deid.instance import Deidentified, Deidentifier, Timings
from deid.plan import Empty, Keep, Remove
from deid.profile import load_profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME, PATIENT_ID, STUDY_DATE = 0x00100010, 0x00100020, 0x00080020
MODEL, KERNEL, SLICES, ORIENTATION, STUDY_UID = 0x00081090, 0x00181210, 0x00201002, 0x00200037, 0x0020000D

EXPIRATION = 0x00080416
"""Expiration DateTime, which no row of Table E.1-1 names."""


@pytest.fixture(scope="module", params=["basic", "tcia"])
def deidentify(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Any], Deidentified]:
    deidentifier = Deidentifier(load_profile(request.param), Key.generate(), pixels=False)
    folder: Path = tmp_path_factory.mktemp("in")

    def run(dataset: Any) -> Deidentified:
        path = folder / "instance.dcm"
        pydicom.dcmwrite(path, dataset)
        return deidentifier.deidentify(path, Timings())

    return run


def read(explicit: Any, values: dict[int, tuple[str, bytes]]) -> Any:
    return explicit.read({tag: explicit.element(tag, vr, value) for tag, (vr, value) in values.items()})


def test_odd_lengths(deidentify: Callable[[Any], Deidentified], explicit: Any) -> None:
    values = {NAME: ("PN", b"Quarterman^Jes"), KERNEL: ("SH", b"STD"), MODEL: ("LO", b"of Quarterman^Jes")}
    done = deidentify(read(explicit, values))
    new = pydicom.dcmread(io.BytesIO(done.data))
    assert new.ConvolutionKernel == "STD"
    assert b"Quarterman" not in done.data


def test_values_beyond_the_limits_of_their_vr(deidentify: Callable[[Any], Deidentified], explicit: Any) -> None:
    long = b"soft kernel " * 20
    values = {
        NAME: ("PN", b"Quarterman" * 30 + b"^Jessamine=" * 6 + b" "),
        KERNEL: ("SH", long),
        MODEL: ("LO", long + b"Quarterman" * 30 + b"^Jessamine "),
        SLICES: ("IS", b"99999999999999999999"),
        STUDY_DATE: ("DA", b"2020010120200101"),
        ORIENTATION: ("DS", b"1.00000000000000000000000000000000000000"),
    }
    done = deidentify(read(explicit, values))
    new = pydicom.dcmread(io.BytesIO(done.data))
    assert bytes(new.get_item(KERNEL).value).strip() == long.strip()
    for text in (b"Quarterman", b"Jessamine", b"99999999999", b"20200101", b"1.00000000000000000000000000000000"):
        assert text not in done.data


@pytest.mark.parametrize("written", [b"2020-01-02", b"2.1.2020", b"20201399", b"00000000", b"1/2/20", b"20200102x "])
def test_what_is_no_date_does_not_stay_as_one(
    written: bytes, deidentify: Callable[[Any], Deidentified], explicit: Any
) -> None:
    """Where the date of the study in another form was looked for in vain."""
    values = {
        STUDY_DATE: ("DA", b"20200102"),
        0x00191001: ("DA", written + b" " * (len(written) % 2)),
        0x00190010: ("LO", b"GEMS_ACQU_01"),
    }
    done = deidentify(read(explicit, values))
    assert written not in done.data


@pytest.mark.parametrize("written", [b"2019", b"201907", b"20190714", b"201907140930+0100"])
def test_dates_that_a_rule_keeps_stay_whatever_their_form(written: bytes, deid: Any, explicit: Any) -> None:
    padded = written + b" " * (len(written) % 2)
    keeping = deid.with_rules({EXPIRATION: "K"})
    assert written in keeping.write(read(explicit, {STUDY_DATE: ("DA", b"20200102"), EXPIRATION: ("DT", padded)}))


def test_a_huge_text_is_searched_to_its_end(deidentify: Callable[[Any], Deidentified], explicit: Any) -> None:
    clinical = b"No focal lesion in the liver. " * 10_000
    values = {NAME: ("PN", b"Quarterman^Jessamine"), 0x0018A002: ("LT", clinical[:60_000] + b"Jessamine Quarterman ")}
    start = time.monotonic()
    done = deidentify(read(explicit, values))
    assert b"Quarterman" not in done.data
    assert time.monotonic() - start < 120


def test_two_patients_with_one_id(deidentify: Callable[[Any], Deidentified], explicit: Any) -> None:
    done = [
        deidentify(read(explicit, {NAME: ("PN", name), PATIENT_ID: ("LO", b"PX-771-044")}))
        for name in (b"Quarterman^Jessamine", b"Abernathy^Lucille ")
    ]
    assert done[0].subject.pseudonym == done[1].subject.pseudonym
    assert not any(name in one.data for one in done for name in (b"Quarterman", b"Abernathy", b"PX-771"))


def test_patients_without_an_id_stay_apart(deidentify: Callable[[Any], Deidentified], explicit: Any) -> None:
    done = [
        deidentify(read(explicit, {PATIENT_ID: ("LO", b""), STUDY_UID: ("UI", uid)}))
        for uid in (b"1.2.3.77", b"1.2.3.78", b"1.2.3.77")
    ]
    pseudonyms = [one.subject.pseudonym for one in done]
    assert pseudonyms[0] == pseudonyms[2] != pseudonyms[1]
    assert all(pydicom.dcmread(io.BytesIO(one.data)).PatientID == one.subject.pseudonym for one in done)


@pytest.mark.parametrize(
    ("tag", "vr", "value"),
    [
        (0x00181152, "IS", b"12.5"),
        (0x00181150, "IS", b"1.000000"),
        (0x00200013, "IS", b"7.0 "),
        (0x00180050, "DS", b"5,0 "),
        (0x00280030, "DS", b"0.7\0\\0.7\0"),
        (0x00180088, "DS", b"3.0000000000000000000000000000"),
        (0x00180050, "DS", b"1.#QNAN0"),
        (0x00180050, "DS", b"-Infinity "),
    ],
)
def test_numbers_stay_as_scanners_write_them(tag: int, vr: str, value: bytes, deid: Any, explicit: Any) -> None:
    data = value + b" " * (len(value) % 2)
    (decision,) = [
        one for one in deid.plan(explicit.read({tag: explicit.element(tag, vr, data)})).values() if one.path.tag == tag
    ]
    assert isinstance(decision.change, Keep)


@pytest.mark.parametrize("value", [b"5 mm", b"Doe 5 ", b"1.2.3 ", b"12-34 ", b"1234567890123456"])
def test_what_is_no_number_goes(value: bytes, deid: Any, explicit: Any) -> None:
    decisions = deid.plan(explicit.read({0x00200013: explicit.element(0x00200013, "IS", value)}))
    assert isinstance(decisions["(0020,0013)"].change, Remove | Empty)
