"""`profiles/` is Table E.1-1, whole and unchanged but for three rows, and says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from deid.profile import list_options, list_profiles, load_profile
from deid.profile.builtin import profiles_directory
from deid.profile.generate import check, generated_files, main
from deid.profile.generating.table import NEEDED, read_table
from deid.profile.lookup.private_tables import private_vr, safe_private
from deid.profile.lookup.tags import parse_tag
from deid.profile.reading.source import read_source

REFERENCE = Path("/work/shared/reference/ps315/table_e1_1_2026d.json")
REFERENCE_COLUMNS = {
    "rtnSafePrivOpt": "retain-safe-private",
    "rtnUIDsOpt": "retain-uids",
    "rtnDevIdOpt": "retain-device-identity",
    "rtnInstIdOpt": "retain-institution-identity",
    "rtnPatCharsOpt": "retain-patient-characteristics",
    "rtnLongFullDatesOpt": "retain-longitudinal-full-dates",
    "rtnLongModifDatesOpt": "retain-longitudinal-modified-dates",
    "cleanDescOpt": "clean-descriptors",
    "cleanStructContOpt": "clean-structured-content",
    "cleanGraphOpt": "clean-graphics",
}


LEFT_OUT = {
    "clean-descriptors": {"(0016,002B)", "(0016,004B)"},
    "clean-graphics": {"(50xx,xxxx)", "(60xx,3000)"},
    "retain-longitudinal-modified-dates": {"(0034,0007)", "(0400,0310)"},
    "retain-safe-private": {"(gggg,eeee)"},
}
"""Bulk data, in which nothing can be cleaned, and the row that Table E.3.10-1 spells out."""
BEYOND_THE_COLUMN = {
    ("clean-graphics", "(0070,0006)"),
    ("clean-graphics", "(0070,0068)"),
    ("retain-uids", "(0040,A124)"),
}
SAFE_PRIVATE = Path("/work/shared/reference/ps315/safe_private_e3_10_1_2026d.json")


def rules_of(name: str) -> list[dict[str, str]]:
    content: Any = read_source(profiles_directory() / name).content
    rules: list[dict[str, str]] = content["rules"]
    return rules


def test_what_is_committed_is_what_is_generated() -> None:
    assert main(["--check"]) == 0


def test_check_shows_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(profiles_directory(), tmp_path, dirs_exist_ok=True)
    basic = tmp_path / "basic.yaml"
    basic.write_text(basic.read_text("utf-8").replace("name: Patient ID, action: Z/D", "name: Patient ID, action: K"))
    (tmp_path / "options" / "retain-uids.yaml").unlink()
    (tmp_path / "options" / "old.yaml").write_text("title: left over\n")
    assert check(tmp_path) == 1
    said = capsys.readouterr().err
    assert "profiles/basic.yaml is not what" in said
    assert '-  - {tag: "(0010,0020)", name: Patient ID, action: K' in said
    assert "options/retain-uids.yaml" in said
    assert "options/old.yaml" in said


def test_generate_refuses_other_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--chekc"]) == 2
    assert "usage" in capsys.readouterr().err


def test_basic_has_every_row_with_its_code() -> None:
    table = read_table()
    assert table.edition == "2026d"
    assert len(table.rows) == 657
    written = {rule["tag"]: rule["action"] for rule in rules_of("basic.yaml")}
    assert written == {row.tag: row.basic for row in table.rows} | NEEDED
    assert all(row.basic == "X" for row in table.rows if row.tag in NEEDED), "nothing is kept that the table removes"
    assert "2026d" in (profiles_directory() / "basic.yaml").read_text("utf-8").splitlines()[1]


def test_each_row_decides_on_its_attribute() -> None:
    profile = load_profile("basic")
    for row in read_table().rows:
        pattern = parse_tag(row.tag)
        tag = pattern.value if not pattern.all_private else 0x00091001
        rule = profile.rule_for(tag)
        assert rule.code == NEEDED.get(row.tag, row.basic)
        assert row.name.removesuffix(" (see Note 11)") in rule.name


@pytest.mark.parametrize("option", [info.name for info in list_options()])
def test_each_option_overrides_with_its_column(option: str) -> None:
    basic, with_option = load_profile("basic"), load_profile("basic", [option])
    for row in read_table().rows:
        pattern = parse_tag(row.tag)
        tag = pattern.value or 0x00091001
        bulk = row.tag in LEFT_OUT[option] if option in LEFT_OUT else False
        plain = NEEDED.get(row.tag, row.basic)
        wanted = row.options.get(option, plain) if not bulk else plain
        if (option, row.tag) not in BEYOND_THE_COLUMN:
            assert with_option.rule_for(tag).code == wanted
        if option not in row.options and (option, row.tag) not in BEYOND_THE_COLUMN:
            assert with_option.rule_for(tag) == basic.rule_for(tag)
    assert [info.name for info in with_option.options] == [option]


def test_options_carry_their_codes_of_cid_7050() -> None:
    from pydicom.sr.codedict import codes

    meanings = {code.value: code.meaning for code in codes.cid7050.concepts.values()}
    for info in list_options():
        if info.name == "repair":
            assert (info.method_code, info.code_meaning) == ("", "")
            continue
        assert meanings[info.method_code] == info.code_meaning
        assert info.title
        assert info.description
    basic = load_profile("basic")
    assert meanings[basic.method_code] == basic.code_meaning


def test_shipped_options_are_those_the_engine_honours() -> None:
    assert [info.name for info in list_options()] == [
        "clean-descriptors",
        "clean-graphics",
        "clean-structured-content",
        "repair",
        "retain-device-identity",
        "retain-institution-identity",
        "retain-longitudinal-full-dates",
        "retain-longitudinal-modified-dates",
        "retain-patient-characteristics",
        "retain-safe-private",
        "retain-uids",
    ]
    assert [info.name for info in list_profiles()] == ["basic", "tcia"]


def test_every_safe_private_element_is_kept_by_the_option_alone() -> None:
    basic, option = load_profile("basic"), load_profile("basic", ["retain-safe-private"])
    entries = safe_private().entries
    assert len(entries) == 479
    for entry in entries:
        tag = parse_tag(entry.tag, entry.creator).value | 0x1000
        blank = f" {entry.creator.lower()}  "
        assert option.rule_for(tag, private_creator=blank).code in {"K", "C", "U"}
        assert option.rule_for(tag & 0xFFFF0000 | 0x10, private_creator=blank).code == "K"
        assert basic.rule_for(tag, private_creator=entry.creator).code == "X"
        assert option.rule_for(tag, private_creator="SOMEONE ELSE").code == "X"
        assert private_vr(tag, entry.creator) == entry.vr or not entry.vr


@pytest.mark.skipif(not SAFE_PRIVATE.is_file(), reason="the reference table is not part of the repository")
def test_safe_private_table_equals_the_reference() -> None:
    rows = json.loads(SAFE_PRIVATE.read_text("utf-8"))
    wanted = [(row["tag"].upper(), row["private_creator"], row["vr"].split("/")[0], row["meaning"]) for row in rows]
    assert [(one.tag.upper(), one.creator, one.vr, one.meaning) for one in safe_private().entries] == wanted


def test_generated_yaml_is_one_rule_a_line() -> None:
    for content in generated_files().values():
        rules = [line for line in content.splitlines() if line.startswith("  - ")]
        assert all(line.startswith('  - {tag: "(') and "action: " in line for line in rules)


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the reference table is not part of the repository")
def test_table_equals_the_reference() -> None:
    reference = {row["tag"][:11]: row for row in json.loads(REFERENCE.read_text("utf-8"))}
    table = {row.tag: row for row in read_table().rows}
    assert table.keys() == reference.keys()
    for tag, row in table.items():
        wanted = reference[tag]
        assert (row.name, row.basic, row.retired) == (wanted["name"], wanted["basicProfile"], wanted["retired"])
        assert dict(row.options) == {new: wanted[old] for old, new in REFERENCE_COLUMNS.items() if wanted[old]}
