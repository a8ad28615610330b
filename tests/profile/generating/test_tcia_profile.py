"""`tcia`: TCIA's tables, its knowledge base of private tags, and that both are whole."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deid.profile import load_profile
from deid.profile.generating.private_sources import dump, knowledge_base, safe_private
from deid.profile.generating.tcia_table import read_tcia_table, table_of
from deid.profile.lookup.private_tables import knowledge_base as shipped_knowledge_base
from deid.profile.lookup.private_tables import private_vr
from deid.profile.lookup.tags import parse_tag

if TYPE_CHECKING:
    from deid.profile.lookup.model import Profile

REFERENCE = Path("/work/shared/reference")
TABLES = Path(__file__).parents[3] / "deid" / "profile" / "tables"
with_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference is not part of the repository")


@pytest.fixture(scope="module")
def tcia() -> Profile:
    return load_profile("tcia")


def test_options_and_digest(tcia: Profile) -> None:
    codes = {info.method_code for info in tcia.options}
    assert codes == {"", "113104", "113105", "113107", "113108", "113109", "113111"}
    assert tcia.repairs
    assert not load_profile("basic").repairs
    assert tcia.method_code == "113100"
    assert tcia.digest != load_profile("basic", [info.name for info in tcia.options]).digest
    assert pickle.loads(pickle.dumps(tcia)) == tcia  # noqa: S301 - own bytes


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        (0x00080020, "C"),
        (0x00080030, "C"),
        (0x00080050, "Z"),
        (0x00080080, "X/Z/D"),
        (0x0008010C, "U"),
        (0x00080118, "U"),
        (0x00081010, "X/Z/D"),
        (0x00081030, "C"),
        (0x00081140, "K"),
        (0x00100010, "Z"),
        (0x00100020, "Z/D"),
        (0x00100030, "Z"),
        (0x00100040, "K"),
        (0x00101010, "K"),
        (0x00102180, "C"),
        (0x00104000, "C"),
        (0x00120010, "C"),
        (0x00120040, "Z"),
        (0x00181000, "K"),
        (0x00181002, "U"),
        (0x0018700A, "K"),
        (0x00200011, "C"),
        (0x0040A123, "Z/D"),
        (0x0040A730, "C"),
        (0x00400275, "X"),
        (0x00880200, "K"),
    ],
)
def test_what_midib_asks(tag: int, code: str, tcia: Profile) -> None:
    assert tcia.rule_for(tag).code == code


def test_every_row_is_honoured(tcia: Profile) -> None:
    fitting = {
        "remove": {"X", "X/Z", "X/D", "X/Z/D", "X/Z/U*"},
        "clean": {"C", "X"},
        "date": {"C"},
        "keep": {"K", "C", "X"},
        "uid": {"U"},
        "empty": {"Z"},
        "dummy": {"D", "Z/D"},
        "items": {"K", "C"},
        "number": {"C"},
    }
    rows = read_tcia_table().rows
    assert len(rows) == 672
    for row in rows:
        if row.action in fitting:
            assert tcia.rule_for(parse_tag(row.tag).value).code in fitting[row.action], row


def test_private_elements_go_by_the_knowledge_base(tcia: Profile) -> None:
    entries = shipped_knowledge_base().entries
    counts = Counter(entry.code for entry in entries)
    assert len(entries) > 4600
    assert counts["K"] + counts["C"] > 2000
    assert (counts["U"], counts["shift-date"], counts["shift-unix-time"]) == (39, 18, 3)
    for entry in entries:
        tag = parse_tag(entry.tag, entry.creator).value | 0x1100
        for creator in (entry.creator, f" {entry.creator.lower().replace(' ', '  ')} "):
            assert tcia.rule_for(tag, private_creator=creator).code == entry.code
        assert private_vr(tag, entry.creator) or not entry.vr


@pytest.mark.parametrize(
    ("tag", "creator", "code", "vr"),
    [
        (0x0019100C, "SIEMENS MR HEADER", "K", "IS"),
        (0x00191108, "SIEMENS MR HEADER", "X", "CS"),
        (0x00091005, "GEMS_PETD_01", "shift-date", "DT"),
        (0x00091007, "GEMS_PETD_01", "U", "UI"),
        (0x000910AE, "GEMS_PETD_01", "U", "UI"),
        (0x00091027, "GEMS_IDEN_01", "shift-unix-time", "SL"),
        (0x00091001, "GEMS_IDEN_01", "C", "LO"),
        (0x00431088, "gems_parm_01", "U", "UI"),
        (0x70531000, "Philips PET Private Group", "K", "DS"),
        (0x00191070, "LORAD Selenia", "K", "OB"),
        (0x00131010, "UNKNOWN", "X", None),
    ],
)
def test_some_private_elements(tag: int, creator: str, code: str, vr: str | None, tcia: Profile) -> None:
    assert tcia.rule_for(tag, private_creator=creator).code == code
    assert private_vr(tag, creator) == vr
    assert tcia.rule_for(tag & 0xFFFF0000 | 0x10, private_creator=creator).code == "K"


def test_the_rules_of_a_profile_and_of_options_on_top_still_win(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "extends: tcia\nrules:\n"
        '  - {tag: "(0019,xx0C)", creator: SIEMENS MR HEADER, action: X}\n'
        "  - {keyword: PatientAge, action: X}\n"
    )
    profile = load_profile(str(mine))
    assert profile.rule_for(0x0019100C, private_creator="SIEMENS MR HEADER").code == "X"
    assert profile.rule_for(0x0019100D, private_creator="SIEMENS MR HEADER").code == "K"
    assert profile.rule_for(0x00190010, private_creator="ANY OTHER").code == "K"
    assert profile.rule_for(0x00101010).code == "X"
    assert load_profile("tcia", ["retain-institution-identity"]).rule_for(0x00080080).code == "K"


@with_reference
def test_shipped_tables_are_what_their_sources_give() -> None:
    source = REFERENCE / "tcia" / "private_tag_kb_2024-02-01.csv"
    assert (TABLES / "tcia_private_2024-02-01.json").read_text("utf-8") == dump(knowledge_base(source))
    safe = REFERENCE / "ps315" / "safe_private_e3_10_1_2026d.json"
    assert (TABLES / "safe_private_e3_10_1_2026d.json").read_text("utf-8") == dump(safe_private(safe))
    rules = json.loads((REFERENCE / "tcia" / "midib_rules.json").read_text("utf-8"))
    assert [[row.tag, row.name, row.action] for row in read_tcia_table().rows] == table_of(rules)["rows"]
