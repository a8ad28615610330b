"""Every mistake in a profile is one line with file and line number, and a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.errors import ProfileError
from deid.profile import load_profile
from deid.profile.reading.source import parse_source

if TYPE_CHECKING:
    from pathlib import Path

RULES = "extends: basic\nrules:\n"
MISTAKES = [
    ("syntax", "extends: basic\nrules: [\n", 3, "not valid YAML", "syntax"),
    ("no list", "extends: basic\nrules: {keyword: PatientID, action: K}\n", 2, "`rules:` wants a list", "`- `"),
    ("no mapping", "extends: basic\npixels: off\n", 2, "`pixels:` wants a mapping", "`key: value`"),
    ("a word for a rule", RULES + "  - keep\n", 3, "each entry is a mapping", "`key: value`"),
    (
        "too long once filled in",
        RULES + '  - {keyword: StudyID, action: replace, value: "S-{hash}"}\n',
        3,
        "18",
        "shorten",
    ),
    ("unknown key", "extends: basic\nunlsted: keep\n", 2, "unknown key `unlsted`", "unlisted"),
    (
        "unknown rule key",
        RULES + "  - {keyword: PatientID, action: K}\n  - {keyword: PatientAge, actoin: K}\n",
        4,
        "actoin",
        "action",
    ),
    ("no action", RULES + "  - {keyword: PatientID}\n", 3, "`action:` is missing", "add `action:`"),
    ("unknown keyword", RULES + "  - {keyword: PatientNme, action: K}\n", 3, "PatientNme", "PatientName"),
    ("unknown tag", RULES + '  - {tag: "(0010,9999)", action: K}\n', 3, "(0010,9999)", "name:"),
    ("malformed tag", RULES + "  - {tag: 10-20, action: K}\n", 3, "10-20", "correct the tag"),
    (
        "tag and keyword differ",
        RULES + '  - {tag: "(0010,0010)", keyword: PatientID, action: K}\n',
        3,
        "differ",
        "(0010,0020)",
    ),
    ("unknown action", RULES + "  - keyword: PatientID\n    action: Q\n", 4, "`Q`", "'X/Z/D'"),
    ("frames", "extends: basic\npixels:\n  frames: 0-3\n", 3, "`0-3` is no value of `frames:`", '"1-10, 20"'),
    ("name", "extends: basic\nname: our profile\n", 2, "`our profile` is no value of `name:`", "letters, digits"),
    ("method code", 'extends: basic\nmethod_code: "1 2"\n', 2, "no value of `method_code:`", "at most 16"),
    (
        "no table",
        RULES + "  - keyword: PatientID\n    action: map\n    map: gone.csv\n",
        5,
        "gone.csv can't be read",
        "check `map:`",
    ),
    (
        "unknown sequence in a path",
        RULES + "  - {path: RequestAttributeSequence > StudyID, action: X}\n",
        3,
        "`RequestAttributeSequence` is no keyword",
        "did you mean RequestAttributesSequence",
    ),
    ("no attribute", RULES + "  - {action: K}\n", 3, "no attribute", "`tag:` or `keyword:`"),
    (
        "duplicate",
        RULES + '  - {keyword: PatientID, action: K}\n  - {tag: "0010,0020", action: X}\n',
        4,
        "first is on line 3",
        "keep one",
    ),
    ("duplicate key", "extends: basic\nextends: basic\n", 2, "stands twice", "keep one"),
    ("U on a name", RULES + "  - {keyword: PatientName, action: U}\n", 3, "VR PN", "use X"),
    ("C on pixels", RULES + "  - {keyword: EncapsulatedDocument, action: C}\n", 3, "VR OB", "use X"),
    ("value with K", RULES + "  - {keyword: PatientID, action: K, value: A}\n", 3, "no effect", "remove it"),
    ("bad field", RULES + '  - {keyword: PatientID, action: D, value: "{name}"}\n', 3, "{pseudonym}", "braces"),
    (
        "value too long",
        RULES + '  - {keyword: AccessionNumber, action: D, value: "{pseudonym}"}\n',
        3,
        "VR SH",
        "shorten",
    ),
    ("value for a number", RULES + "  - {keyword: AcquisitionMatrix, action: D, value: A}\n", 3, "VR US", "remove it"),
    ("private without creator", RULES + '  - {tag: "(0029,1010)", action: K}\n', 3, "creator", "correct the tag"),
    (
        "creator on public",
        RULES + '  - {tag: "(0028,1010)", creator: A, action: K}\n',
        3,
        "odd group",
        "correct the tag",
    ),
    ("creator element", RULES + '  - {tag: "(0029,0010)", creator: A, action: K}\n', 3, "Private Creators", "correct"),
    ("too wide", RULES + '  - {tag: "(xxxx,0010)", action: K}\n', 3, "two digits", "correct the tag"),
    ("private dummy", RULES + '  - {tag: "(gggg,eeee)", action: D}\n', 3, "private", "X or K"),
    ("unknown parent", "title: a\nextends: baisc\n", 2, "`baisc`", "basic"),
    ("unknown option", "extends: basic\noptions:\n  - retain-uids\n  - retain-uid\n", 4, "`retain-uid`", "retain-uids"),
    ("pixel mode", "extends: basic\npixels:\n  mode: al\n", 3, "`al`", "'regions-only' or 'off'"),
    ("text key", "extends: basic\ntext:\n  kep: [a]\n", 3, "unknown key `kep`", "keep"),
    ("threshold", "extends: basic\ntext:\n  pixel_threshold: 1.5\n", 3, "`pixel_threshold`", "correct"),
    ("keep anything", "extends: basic\ntext:\n  keep:\n    - Northway\n    - '*'\n", 5, "fewer than two", "words"),
    ("remove a letter", "extends: basic\ntext: {remove: ['[a-z]?x']}\n", 2, "fewer than two", "name the words"),
    ("in both lists", "extends: basic\ntext:\n  keep: [Ab]\n  remove: [AB]\n", 4, "in `keep:`, too", "one of the"),
    ("stands alone", "title: alone\nrules: []\n", 1, "extends nothing", "extends: basic"),
    ("alias", "extends: &a basic\ntitle: *a\n", 1, "anchors", "write the value out"),
    ("python tag", "extends: !!python/object/apply:os.system [id]\n", 1, "YAML tags", "remove the tag"),
    ("two documents", "extends: basic\n---\nextends: basic\n", 2, "second YAML document", "one document"),
    ("not a mapping", "- a\n", 1, "mapping", "extends: basic"),
    ("empty", "", 1, "mapping", "extends: basic"),
    ("list for text", "extends: [basic]\n", 1, "`extends:` wants a text", "one value"),
    ("deep", "extends: " + "[" * 5000 + "\n", 1, "nested too deep", "nests"),
    ("bad VR", RULES + "  - {vr: [DA, XX], action: K}\n", 3, "`XX` is no value of `vr:`", "'UV'"),
    ("no VR", RULES + "  - {vr: [], action: K}\n", 3, "`vr`", "correct"),
    ("misspelt action", RULES + "  - {keyword: PatientID, action: kep}\n", 3, "`kep`", "did you mean keep?"),
    ("VR that can't be", RULES + "  - {keyword: PatientID, vr: DA, action: K}\n", 3, "can never match", "leave `vr:`"),
    ("two names", RULES + "  - {keyword: PatientID, group: '0010', action: K}\n", 3, "both name", "keep one"),
    ("group", RULES + "  - {group: 10, action: K}\n", 3, "four hexadecimal digits", "correct the group"),
    ("private group", RULES + "  - {group: '0011', action: hash}\n", 3, "all private", "X or K"),
    (
        "creator of a VR",
        RULES + "  - {vr: LO, creator: A, action: K}\n",
        3,
        "goes with the tag",
        "`tag:` and `creator:`",
    ),
    ("override", RULES + "  - {vr: LO, action: K, override: true}\n", 3, "`true`", "'yes' or 'no'"),
    ("path of one", RULES + "  - {path: PatientID, action: K}\n", 3, "a sequence and an attribute", "correct"),
    ("no sequence", RULES + "  - {path: PatientID > StudyID, action: K}\n", 3, "PatientID is no sequence", "correct"),
    ("unknown sequence", RULES + "  - {path: Foo > StudyID, action: K}\n", 3, "`Foo` is no keyword", "PS3.6"),
    ("unknown in path", RULES + "  - {path: '** > StudyIDs', action: K}\n", 3, "unknown keyword", "StudyID"),
    ("empty level", RULES + "  - {path: '** >  > StudyID', action: K}\n", 3, "a level is missing", "correct"),
    ("private in path", RULES + "  - {path: '** > (0019,1010)', action: K}\n", 3, "creator", "correct the tag"),
    ("long path", RULES + f"  - {{path: '{'* > ' * 20}StudyID', action: K}}\n", 3, "more than 16", "correct"),
    ("condition key", RULES + "  - {vr: LO, action: K, when: {Modality: {match: C}}}\n", 3, "`match`", "matches, is"),
    ("condition on what", RULES + "  - {vr: LO, action: K, when: {Modalty: C}}\n", 3, "`Modalty`", "Modality"),
    ("condition is", RULES + "  - {vr: LO, action: K, when: {Modality: {is: x}}}\n", 3, "`is:`", "'absent'"),
    (
        "condition of two",
        RULES + "  - {vr: LO, action: K, when: {Modality: {is: present, matches: x}}}\n",
        3,
        "either",
        "",
    ),
    ("condition of none", RULES + "  - {vr: LO, action: K, when: {Modality: {}}}\n", 3, "either", "write one"),
    ("condition empty", RULES + "  - {vr: LO, action: K, when: {Modality: }}\n", 3, "`Modality:` wants", "write"),
    (
        "condition twice",
        RULES + "  - {vr: LO, action: K, when: {Modality: C, '0008,0060': D}}\n",
        3,
        "two conditions",
        "",
    ),
    ("condition on pixels", RULES + "  - {vr: LO, action: K, when: {PixelData: C}}\n", 3, "VR OB or OW", "is: present"),
    ("condition on many", RULES + "  - {vr: LO, action: K, when: {'(50xx,0005)': 1}}\n", 3, "not one attribute", "one"),
    ("hash of a number", RULES + "  - {keyword: AcquisitionMatrix, action: hash}\n", 3, "VR US", "remove"),
    ("shift of a text", RULES + "  - {vr: [DA, LO], action: shift-date}\n", 3, "VR LO", "remove"),
    ("age of a name", RULES + "  - {keyword: PatientName, action: age-cap}\n", 3, "VR PN", "remove"),
    ("generalised time", RULES + "  - {keyword: StudyTime, action: generalise}\n", 3, "VR TM", "shift-date"),
    ("how to read", RULES + "  - {keyword: SpecificCharacterSet, action: X}\n", 3, "only be kept", "remove the rule"),
    ("how to read nested", RULES + "  - {path: '** > Rows', action: dummy}\n", 3, "only be kept", "remove the rule"),
    ("instance UID", RULES + "  - {keyword: SOPInstanceUID, action: X}\n", 3, "a UID of its own", "uid, map or keep"),
    ("replace by nothing", RULES + "  - {keyword: PatientID, action: replace}\n", 3, "not with what", "`value:`"),
    ("value for hash", RULES + "  - {keyword: PatientID, action: hash, value: A}\n", 3, "no effect", "remove it"),
    ("code too small", RULES + "  - {keyword: PatientSex, action: replace, value: a}\n", 3, "VR CS", "correct"),
    ("two values", RULES + "  - {keyword: PatientID, action: replace, value: 'a\\b'}\n", 3, "VR LO", "correct"),
    ("map of nothing", RULES + "  - {keyword: PatientID, action: map}\n", 3, "names no table", "original,new"),
    ("map for keep", RULES + "  - {keyword: PatientID, action: K, map: a.csv}\n", 3, "no effect", "action: map"),
    (
        "same rule twice",
        RULES + "  - {vr: LO, action: K}\n  - {vr: LO, action: X, override: no}\n",
        4,
        "second rule",
        "one",
    ),
    ("control character", "extends: basic\ntitle: a\x01\n", 1, "not valid YAML", "syntax"),
]


CASES = [pytest.param(*case[1:], id=case[0]) for case in MISTAKES]


@pytest.mark.parametrize(("text", "line", "message", "remedy"), CASES)
def test_mistake(tmp_path: Path, text: str, line: int, message: str, remedy: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ProfileError) as raised:
        load_profile(str(path))
    assert raised.value.message.startswith(f"{path}:{line}: ")
    assert message in raised.value.message
    assert remedy in raised.value.remedy
    assert "\n" not in raised.value.message


def test_unknown_names_on_the_command_line() -> None:
    with pytest.raises(ProfileError, match="unknown profile `bsic`") as raised:
        load_profile("bsic")
    assert "did you mean basic?" in raised.value.remedy
    with pytest.raises(ProfileError, match="unknown option `retain-dates`") as raised:
        load_profile("basic", ["retain-dates"])
    assert "retain-longitudinal-full-dates" in raised.value.remedy


def test_missing_binary_and_huge_files(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="can't be read"):
        load_profile(str(tmp_path / "none.yaml"))
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(ProfileError, match="can't be read"):
        load_profile(str(tmp_path / "folder.yaml"))
    (tmp_path / "binary.yaml").write_bytes(b"extends: \xff\xfe\n")
    with pytest.raises(ProfileError, match="not UTF-8"):
        load_profile(str(tmp_path / "binary.yaml"))
    (tmp_path / "huge.yaml").write_bytes(b"#" * (2 << 20))
    with pytest.raises(ProfileError, match="larger than"):
        load_profile(str(tmp_path / "huge.yaml"))


def test_a_built_in_name_is_taken(tmp_path: Path) -> None:
    (tmp_path / "basic.yaml").write_text("extends: basic\n")
    with pytest.raises(ProfileError, match="name of a built-in"):
        load_profile(str(tmp_path / "basic.yaml"))
    (tmp_path / "mine.yaml").write_text("extends: basic\nname: retain-uids\n")
    with pytest.raises(ProfileError, match=r"mine\.yaml:2: "):
        load_profile(str(tmp_path / "mine.yaml"))


def test_circles_of_extends(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("title: b\nextends: ./a.yaml\n")
    (tmp_path / "self.yaml").write_text("extends: self.yaml\n")
    with pytest.raises(ProfileError, match=r"b\.yaml:2: .*circle"):
        load_profile(str(tmp_path / "a.yaml"))
    with pytest.raises(ProfileError, match="circle"):
        load_profile(str(tmp_path / "self.yaml"))


def test_a_stand_alone_profile_says_everything(tmp_path: Path) -> None:
    path = tmp_path / "strict.yaml"
    path.write_text(
        'unlisted: remove\nmethod_code: "X1"\ncode_meaning: Ours\nrules:\n  - {keyword: PatientID, action: Z}\n'
    )
    profile = load_profile(str(path))
    assert profile.rule_for(0x00100010).code == "X"
    assert profile.rule_for(0x00091001).code == "X"
    assert (profile.method_code, profile.code_meaning) == ("X1", "Ours")


@given(st.text(max_size=200) | st.text(alphabet="ab:-[]{}&*!|>'\"\n #,?%@", max_size=200))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    said: ProfileError | None = None
    try:
        source = parse_source(text, "mine.yaml")
    except ProfileError as error:
        said = error
    assert source.line_of(()) >= 1 if said is None else said.message.startswith("mine.yaml:")
