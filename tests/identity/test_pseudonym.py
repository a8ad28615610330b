"""UIDs and dummies: valid, unique, the same every time, and without a trace of the original."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import config
from pydicom._uid_dict import UID_dictionary
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.valuerep import VR, validate_value

from deid.identity.key import Key
from deid.identity.pseudonym import dummy_value, is_valid_uid, new_uid, patient_pseudonym

KEY = Key(bytes(range(32)))
OTHER = Key(bytes(32))
UID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")
DUMMY_VRS = sorted({str(vr.value) for vr in VR if " " not in vr.value} - {"SQ"})
# Python keeps the numbers of a UID apart by dots; a component may be as long as the UID allows.
UIDS = st.lists(st.integers(0, 10**9), min_size=2, max_size=6).map(lambda numbers: ".".join(map(str, numbers)))


@given(st.text(max_size=70) | UIDS)
def test_new_uids_are_valid(uid: str) -> None:
    new = new_uid(KEY, uid)
    stripped = uid.strip(" \0")
    if not stripped:
        assert new == ""
        return
    assert UID.fullmatch(new)
    assert len(new) <= 64
    assert new == new_uid(KEY, f"{uid} ") == new_uid(KEY, f"{uid}\0")
    assert new.startswith("2.25.") or stripped in UID_dictionary


def test_new_uids_are_unique_and_depend_on_the_key() -> None:
    uids = [f"1.2.826.0.1.{number}" for number in range(20_000)]
    new = [new_uid(KEY, uid) for uid in uids]
    assert len(set(new)) == len(uids)
    assert new == [new_uid(KEY, uid) for uid in uids]
    assert not set(new) & {new_uid(OTHER, uid) for uid in uids}


def test_uids_of_the_standard_stay_but_not_what_only_looks_so() -> None:
    for uid in ("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1\0"):
        assert new_uid(KEY, uid) == uid.strip("\0")
    for uid in ("1.2.840.10008.DOE^JANE", "1.2.840.10008.1..2", "1.2.840.10008.01", "1.2.840.10008." + "1" * 60):
        assert new_uid(KEY, uid).startswith("2.25.")
    assert new_uid(KEY, "1.2.840.100081.1").startswith("2.25.")


def test_unregistered_uids_under_the_dicom_root_are_replaced() -> None:
    assert all(new_uid(KEY, uid) == uid for uid in UID_dictionary)
    newer_class = "1.2.840.10008.5.1.4.1.1.999.1"
    assert new_uid(KEY, newer_class) == newer_class
    for tail in ("8842617", "5.1.4.8842617", "5.1.4.1.1.2.2021.3.4", "5.1.4.1.1.2.3.4.5.6.7.8", "1.4.1.19630714"):
        assert new_uid(KEY, f"1.2.840.10008.{tail}").startswith("2.25.")


def test_valid_uids() -> None:
    assert is_valid_uid("1.2.840.10008.1.2")
    assert not any(map(is_valid_uid, ["", "1", "1.", ".1", "1.02", "1.2 ", "1.2\n", "1.٣", "1." + "2" * 63]))


@pytest.mark.parametrize("vr", DUMMY_VRS)
def test_dummies_fit_their_vr(vr: str) -> None:
    for original in ("", "DOE^JANE", "19800101", "x" * 10_000):
        value = dummy_value(KEY, vr, original)
        assert value not in ("", b"", None)
        validate_value(vr, value, config.RAISE)
        assert written(vr, value)


def written(vr: str, value: Any) -> bytes:
    dataset = Dataset()
    dataset.add(DataElement(0x00091001, vr, value, validation_mode=config.RAISE))
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, False
    write_dataset(stream, dataset)
    header = 12 if vr in {"OB", "OD", "OF", "OL", "OV", "OW", "SV", "UC", "UN", "UR", "UT", "UV"} else 8
    return stream.getvalue()[header:]


def test_text_dummies_are_consistent_and_no_words() -> None:
    texts = [f"value {number}" for number in range(20_000)]
    dummies = [dummy_value(KEY, "LO", text) for text in texts]
    assert len(set(dummies)) == len(texts)
    assert dummy_value(KEY, "SH", "a ") == dummy_value(KEY, "LO", "a") != dummy_value(OTHER, "LO", "a")
    assert all(re.fullmatch("[B-DF-HJKMNP-TV-Z2-9]{8}", dummy) for dummy in dummies)


def test_uid_dummies_are_never_the_original() -> None:
    sop_class = "1.2.840.10008.5.1.4.1.1.2"
    assert dummy_value(KEY, "UI", sop_class) != sop_class
    assert dummy_value(KEY, "UI", "1.2.3") == new_uid(KEY, "1.2.3")
    assert dummy_value(KEY, "UR", "http://pacs/DOE").startswith("urn:oid:2.25.")


def test_vrs_without_a_dummy() -> None:
    assert dummy_value(KEY, "US or SS", "7") == 0
    for vr in ("SQ", "ZZ"):
        with pytest.raises(ValueError, match=vr):
            dummy_value(KEY, vr, "DOE")


def test_pseudonyms_are_unique() -> None:
    pseudonyms = {patient_pseudonym(KEY, ("patient-id", "", str(number))) for number in range(20_000)}
    assert len(pseudonyms) == 20_000
    assert all(re.fullmatch("DEID-[B-DF-HJKMNP-TV-Z2-9]{12}", pseudonym) for pseudonym in pseudonyms)
