"""Known names in texts that are written in another character set than the one they are read in."""

from __future__ import annotations

import pytest

from deid.identity.known_values import KnownValue, ValueKind
from deid.identity.strength import is_searchable
from deid.text.recoded import holds_recoded

HAN, KANA, HANGUL, CYRILLIC, GREEK, LATIN = (
    "欧阳^修明",
    "ヤマダ^タロウ",
    "독고^영재",
    "Воробьянинов^Ипполит",
    "Διονυσίου^Ανδρέας",
    "Gößmann^Jürg",
)


def known(name: str, kind: ValueKind = ValueKind.PATIENT_NAME) -> tuple[KnownValue, ...]:
    return (KnownValue(name, kind, "PatientName"),)


@pytest.mark.parametrize(
    ("name", "declared", "written"),
    [
        (HAN, "gb18030", "utf-8"),
        (HAN, "utf-8", "gb18030"),
        (KANA, "iso2022-jp", "cp932"),
        (KANA, "iso2022-jp", "utf-8"),
        (KANA, "latin-1", "iso2022-jp"),
        (HANGUL, "euc_kr", "utf-8"),
        (CYRILLIC, "iso8859-5", "cp1251"),
        (CYRILLIC, "iso8859-5", "utf-8"),
        (CYRILLIC, "cp1251", "koi8-r"),
        (GREEK, "iso8859-7", "utf-8"),
        (LATIN, "iso8859-2", "utf-8"),
        (LATIN, "latin-1", "cp437"),
    ],
)
def test_a_name_is_found_in_another_character_set(name: str, declared: str, written: str) -> None:
    for part in name.split("^"):
        data = f"CT {part} nativ".encode(written)
        read = data.decode(declared, "replace")
        assert holds_recoded(data, read, known(name))
        assert holds_recoded(data.upper() if part.isascii() else data, read, known(name))
        assert not holds_recoded("CT nativ".encode(written), "CT nativ", known(name))


@pytest.mark.parametrize(
    ("name", "codec"), [(HAN, "gbk"), (KANA, "cp932"), (HANGUL, "euc_kr"), (CYRILLIC, "cp1251"), (GREEK, "cp1253")]
)
def test_a_name_that_was_misread_itself_is_found_where_it_was_not(name: str, codec: str) -> None:
    misread = name.encode(codec).decode("latin-1")
    assert is_searchable(misread, ValueKind.PATIENT_NAME)
    for part in name.split("^"):
        text = f"CT {part} nativ"
        assert holds_recoded(text.encode(), text, known(misread))


def test_what_can_be_read_is_left_to_the_rules_of_texts() -> None:
    text = "große Gößmann"
    assert not holds_recoded(text.encode(), text, known("Große^Ute"))
    assert not holds_recoded(text.encode(), text, known(LATIN))


def test_institutions_are_found_as_a_whole() -> None:
    hospital = known("北京协和医院", ValueKind.INSTITUTION)
    for place, found in (("北京协和医院", True), ("医院", False)):
        data = f"CT {place}".encode()
        assert holds_recoded(data, data.decode("gb18030", "replace"), hospital) is found


@pytest.mark.parametrize("name", ["Quarterman^Jessamine", "Zoë^Li", "王^小", "", "1234^@"])
def test_short_names_and_those_of_ascii_are_in_no_other_character_set(name: str) -> None:
    for text in ("Größe 5 µm", "头部 快速 王", "голова", "\x1b$B$3$s\x1b(B"):
        assert not holds_recoded(text.encode(), text, known(name))
