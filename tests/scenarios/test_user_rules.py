"""Profiles that people write, over the whole way of an instance: read, plan, apply, verify."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.errors import InstanceError, Reason
from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.profile import load_profile

if TYPE_CHECKING:
    from pathlib import Path

KEY = Key.generate()
NAME, ACCESSION, PATIENT_ID, HOSPITAL = "Featherstonehaugh", "ACC778812", "PAT-553301", "Ravenscroft Infirmary"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A CT whose names and numbers stand in many places."""
    dataset = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.PatientName, dataset.PatientID, dataset.AccessionNumber = f"{NAME}^Ann", PATIENT_ID, ACCESSION
    dataset.PatientAge, dataset.PatientBirthDate, dataset.InstitutionName = "093Y", "19100203", HOSPITAL
    dataset.StudyDate = "20040119"
    dataset.StudyDescription = f"Chest of {NAME}"
    request = Dataset()
    request.AccessionNumber, request.RequestedProcedureDescription = ACCESSION, f"CT for {NAME}, {ACCESSION}"
    dataset.RequestAttributesSequence = Sequence([request])
    block = dataset.private_block(0x0029, "ACME", create=True)
    block.add_new(0x10, "LO", f"{PATIENT_ID} {NAME}")
    block.add_new(0x11, "DA", "20040119")
    dataset.save_as(tmp_path / "in.dcm")
    return tmp_path / "in.dcm"


def released(image: Path, *rules: str, head: str = "extends: basic") -> Any:
    path = image.parent / "mine.yaml"
    path.write_text("\n".join([head, "rules:", *(f"  - {{{rule}}}" for rule in rules)]) + "\n", "utf-8")
    deidentifier = Deidentifier(load_profile(str(path)), KEY, pixels=False)
    return pydicom.dcmread(io.BytesIO(deidentifier.deidentify(image, Timings()).data))


def test_a_profile_of_ten_lines(image: Path) -> None:
    new = released(
        image,
        "vr: [DA, DT], action: shift-date, override: yes",
        "keyword: PatientBirthDate, action: generalise",
        "keyword: PatientAge, action: age-cap",
        'keyword: PatientID, action: replace, value: "TRIAL-{hash}"',
        "keyword: RequestAttributesSequence, action: keep",
        "path: RequestAttributesSequence > AccessionNumber, action: hash",
        "keyword: InstitutionName, action: keep, when: {Modality: CT}",
        "group: '0029', action: keep",
    )
    assert (new.PatientAge, new.PatientBirthDate, new.InstitutionName) == ("090Y", "19100101", HOSPITAL)
    assert new.PatientID.startswith("TRIAL-")
    assert new.StudyDate not in ("", "20040119")
    assert new.StudyDate[:3] in ("199", "200")
    assert len(new.RequestAttributesSequence[0].AccessionNumber) == 16
    assert NAME not in str(new)
    assert "ACME" in [new[tag].value for tag in (0x00290010, 0x00290011) if tag in new]


def test_a_value_kept_on_purpose_inside_a_sequence(image: Path) -> None:
    rules = (
        "keyword: RequestAttributesSequence, action: keep",
        "path: RequestAttributesSequence > AccessionNumber, action: keep",
    )
    new = released(image, *rules)
    assert new.RequestAttributesSequence[0].AccessionNumber == ACCESSION
    assert new.AccessionNumber == ""


def test_a_condition_that_is_not_met_withholds(image: Path) -> None:
    new = released(image, "keyword: InstitutionName, action: keep, when: {Modality: MR}")
    assert HOSPITAL not in str(new)


def test_a_map(image: Path) -> None:
    rule = "keyword: PatientID, action: map, map: ids.csv"
    (image.parent / "ids.csv").write_text(f"original,new\n{PATIENT_ID},T-001\n")
    assert released(image, rule).PatientID == "T-001"
    (image.parent / "ids.csv").write_text("original,new\nsomeone else,T-001\n")
    with pytest.raises(InstanceError) as raised:
        released(image, rule)
    assert raised.value.reason is Reason.NOT_IN_MAP
    (image.parent / "ids.csv").write_text(f"original,new\n{PATIENT_ID},{NAME}\n")
    with pytest.raises(InstanceError) as raised:
        released(image, rule)
    assert raised.value.reason is Reason.KNOWN_VALUE_LEFT, "the verification trusts no table"


MATCHERS = st.sampled_from(
    [
        "keyword: StudyDescription",
        "keyword: RequestAttributesSequence",
        'tag: "(0008,00xx)"',
        'tag: "(gggg,eeee)"',
        'tag: "(0029,xx10)", creator: ACME',
        "group: '0010'",
        "group: '0029'",
        "vr: [LO, SH, PN]",
        "vr: [DA, DT]",
        "vr: AS",
        'path: "RequestAttributesSequence > **"',
        'path: "** > *"',
    ]
)
ACTIONS = st.sampled_from(
    ["keep", "remove", "empty", "dummy", "hash", "shift-date", "age-cap", "generalise", "replace, value: A"]
)
ENDINGS = st.sampled_from(["", ", override: yes", ", when: {Modality: CT}", ", when: {Manufacturer: {is: absent}}"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(st.tuples(MATCHERS, ACTIONS, ENDINGS), min_size=1, max_size=5, unique_by=lambda rule: rule[0]))
def test_no_name_survives_any_rules(image: Path, rules: list[tuple[str, str, str]]) -> None:
    """Rules may keep an attribute as such; a name in an attribute that may hold anything never stays."""
    from deid.errors import ProfileError

    texts = [f"{matcher}, action: {action}{ending}" for matcher, action, ending in rules]
    kept_names = any("'0010'" in text or "PN" in text or "** > *" in text for text in texts if "action: keep" in text)
    try:
        new = released(image, *texts)
    except (ProfileError, InstanceError):
        return
    shown = str(new).casefold()
    assert kept_names or NAME.casefold() not in shown
    assert kept_names or PATIENT_ID.casefold() not in shown


def test_inspect_shows_nothing_of_a_table(image: Path) -> None:
    from typer.testing import CliRunner

    from deid.cli.app import make_app

    (image.parent / "ids.csv").write_text(f"original,new\n{PATIENT_ID},TRIAL-001\n")
    (image.parent / "mine.yaml").write_text(
        "extends: basic\nrules:\n  - {keyword: PatientID, action: map, map: ids.csv}\n"
    )
    arguments = ["inspect", str(image), "-p", str(image.parent / "mine.yaml"), "--no-pixels"]
    result = CliRunner().invoke(make_app(), arguments, env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "map" in result.stdout
    assert "TRIAL-001" not in result.stdout
    assert PATIENT_ID not in result.stdout
