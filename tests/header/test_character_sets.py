"""Every character set of PS3.3 C.12.1.1.2: names in them go from wherever they stand, other text stays as it is."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.attributes.charset import DEFAULT, UTF_8, actual_encodings, decode, encode, encodings_of
from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.profile import load_profile
from deid.text import TextEngine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHARACTER_SET, PATIENT_NAME, STUDY_DESCRIPTION = 0x00080005, 0x00100010, 0x00081030
MODEL, SOFTWARE, KERNEL, PROTOCOL = 0x00081090, 0x00181020, 0x00181210, 0x00181030
VIEW_CODES, CODE_VALUE, SCHEME, MEANING = 0x00540220, 0x00080100, 0x00080102, 0x00080104


@dataclass(frozen=True)
class Case:
    """A character set, a name as in a file of it, and words that name nobody."""

    terms: str
    codec: str
    name: str
    words: str
    escape: bytes = b""

    def encoded(self, text: str) -> bytes:
        """An escape sequence after each delimiter; after blanks too in the Japanese sets, which leave G0 for them."""
        for delimiter in "\\=^ ":
            if delimiter in text and (delimiter != " " or self.codec.startswith("iso2022")):
                return delimiter.encode().join(map(self.encoded, text.split(delimiter)))
        data = (b"" if text.isascii() else self.escape) + text.encode(self.codec)
        return data.replace(b"\x1b(B", b"\x1b(J") if self.terms.startswith("ISO 2022 IR 13") else data

    def read(self, data: bytes) -> str | None:
        """The text that was written: where its escape sequences stand is free."""
        encodings = encodings_of(tuple(self.terms.split("\\")))
        return decode(data, encodings or (), "LO")

    @property
    def parts(self) -> list[str]:
        """The parts of the name that are names by themselves."""
        return [part for group in self.name.split("=") for part in group.split("^") if len(part) > 1]


SINGLE_BYTE = [
    ("100", "latin_1", "Gößmann^Jürgen", "Schädel nüchtern", b"\x1b-A"),
    ("101", "iso8859_2", "Wałęsa^Michał", "głowa wyżej", b"\x1b-B"),
    ("109", "iso8859_3", "Ĉapeĵo^Ĝorĝo", "ŝranko ĥoro", b"\x1b-C"),
    ("110", "iso8859_4", "Kārkliņš^Jānis", "smadzeņu ēna", b"\x1b-D"),
    ("144", "iso8859_5", "Люксембург^Марина", "голова снимок", b"\x1b-L"),
    ("127", "iso8859_6", "قباني^لنزار", "الرأس سريع", b"\x1b-G"),
    ("126", "iso8859_7", "Διονυσίου^Ανδρέας", "κεφάλι ήπιο", b"\x1b-F"),
    ("138", "iso8859_8", "שרונוב^דבורה", "ראש מהיר", b"\x1b-H"),
    ("148", "iso8859_9", "Çavuşoğlu^Gülşen", "göğüs ağır", b"\x1b-M"),
    ("203", "iso8859_15", "Šœuvrard^Noëlle", "cœur žal", b"\x1b-b"),
    ("166", "iso8859_11", "สมชายดี^ใจดีมาก", "ศีรษะ เร็ว", b"\x1b-T"),
    ("13", "shift_jis", "ﾔﾏﾀﾞｻﾜ^ﾀﾛｳﾏﾙ", "ｱﾀﾏ ﾊﾔｲ", b"\x1b)I"),
]
CASES = [
    Case("", "ascii", "Quarterman^Jessamine", "soft kernel"),
    Case("ISO_IR 6", "ascii", "Quarterman^Jessamine", "soft kernel"),
    *(Case(f"ISO_IR {number}", codec, name, words) for number, codec, name, words, _ in SINGLE_BYTE),
    *(Case(f"\\ISO 2022 IR {number}", codec, name, words, esc) for number, codec, name, words, esc in SINGLE_BYTE),
    Case("ISO_IR 192", "utf-8", "王^小东=Wałęsa^Xiaodongmu=山田^太郎", "头部 głowa"),
    Case("GB18030", "gb18030", "Wangmann^Xiaodong=王小^小东", "头部扫描 快速"),
    Case("GBK", "gbk", "Wangmann^Xiaodong=王小^小东", "头部扫描 快速"),
    Case("\\ISO 2022 IR 87", "iso2022_jp", "Yamada^Tarou=山田^太郎=やまだ^たろう", "頭部 撮影"),
    Case("ISO 2022 IR 13\\ISO 2022 IR 87", "iso2022_jp", "Yamada^Tarou=山田^太郎=やまだ^たろう", "頭部 撮影"),
    Case("\\ISO 2022 IR 159", "iso2022_jp_2", "Okadamura^Jun=丂丄^侄侅", "丌丒 龥"),
    Case("\\ISO 2022 IR 149", "euc_kr", "Hongmann^Gildong=洪吉^吉洞=홍길^길동", "머리 촬영", b"\x1b$)C"),
    Case("\\ISO 2022 IR 58", "gb2312", "Zhangmann^Xiaodong=张三^小东", "头部 扫描", b"\x1b$)A"),
]


@pytest.fixture(scope="module", params=["basic", "tcia"])
def deidentify(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Any], Any]:
    deidentifier = Deidentifier(load_profile(request.param), Key.generate(), pixels=False)
    folder: Path = tmp_path_factory.mktemp("in")

    def run(dataset: Any) -> Any:
        # Written raw, as the encoder made it: pydicom would read and write the texts.
        path = folder / "instance.dcm"
        pydicom.dcmwrite(path, dataset)
        return pydicom.dcmread(io.BytesIO(deidentifier.deidentify(path, Timings()).data))

    return run


def even(value: bytes) -> bytes:
    return value + b" " * (len(value) % 2)


def elements_of(explicit: Any, texts: dict[int, tuple[str, bytes]]) -> dict[int, bytes]:
    return {tag: explicit.element(tag, vr, even(value)) for tag, (vr, value) in texts.items()}


def code_item(explicit: Any, meaning: bytes, terms: str | None = None) -> bytes:
    texts = {CODE_VALUE: ("SH", b"x1"), SCHEME: ("SH", b"99LOCAL"), MEANING: ("LO", meaning)}
    if terms is not None:
        texts[CHARACTER_SET] = ("CS", terms.encode())
    return bytes(explicit.item(b"".join(data for _, data in sorted(elements_of(explicit, texts).items()))))


def value(dataset: Any, tag: int) -> bytes:
    element = dataset.get_item(tag)
    return b"" if element is None else (element.value or b"").rstrip(b" ")


def declared(dataset: Any) -> str:
    terms = dataset[CHARACTER_SET].value or ""
    return terms if isinstance(terms, str) else "\\".join(terms)


def bare(text: str, codec: str) -> bytes:
    """The bytes of a text without escape sequences around it."""
    data = text.encode(codec)
    return data.replace(b"\x1b(B", b"").removeprefix(b"\x1b$B").removeprefix(b"\x1b$(D")


def everywhere(dataset: Any) -> bytes:
    stream = io.BytesIO()
    pydicom.dcmwrite(stream, dataset)
    return stream.getvalue()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.terms or "none")
def test_names_go_and_other_text_stays(case: Case, deidentify: Callable[[Any], Any], explicit: Any) -> None:
    last = case.name.split("=")[-1]
    spoken, turned = last.replace("^", " "), " ".join(reversed(last.split("^")))
    items = [code_item(explicit, case.encoded(case.words)), code_item(explicit, case.encoded(spoken))]
    texts = {
        CHARACTER_SET: ("CS", case.terms.encode()),
        PATIENT_NAME: ("PN", case.encoded(case.name)),
        0x00100020: ("LO", b"PX-771-044"),
        STUDY_DESCRIPTION: ("LO", case.encoded(f"{case.words} {turned}")),
        MODEL: ("LO", case.encoded(f"{case.words} {spoken}")),
        SOFTWARE: ("LO", case.encoded(f"{case.words}\\{spoken}")),
        KERNEL: ("SH", case.encoded(case.words)),
        PROTOCOL: ("LO", case.encoded(last)),
    }
    elements = elements_of(explicit, texts)
    elements[VIEW_CODES] = explicit.element(VIEW_CODES, "SQ", b"".join(items))
    new = deidentify(explicit.read(elements))
    written = everywhere(new)
    for part, codec in product(case.parts, (case.codec, "utf-8")):
        assert bare(part, codec) not in written, (part, codec)
    assert declared(new) == case.terms
    assert value(new, KERNEL) == case.encoded(case.words)
    assert case.read(value(new, MODEL)) == case.words
    assert case.read(value(new, SOFTWARE)) == f"{case.words}\\"
    assert value(new[VIEW_CODES].value[0], MEANING) == case.encoded(case.words)


NESTED = [case for case in CASES if case.terms and case.codec != "ascii"]


@pytest.mark.parametrize("case", NESTED, ids=lambda case: case.terms)
def test_items_with_another_character_set(case: Case, deidentify: Callable[[Any], Any], explicit: Any) -> None:
    group = case.name.split("=")[-1]
    spoken = group.replace("^", " ")
    outer = {
        CHARACTER_SET: ("CS", b"ISO_IR 192"),
        PATIENT_NAME: ("PN", group.encode()),
        0x00100020: ("LO", b"PX-771-044"),
        KERNEL: ("SH", case.words.split()[0].encode()),
    }
    items = [code_item(explicit, case.encoded(text), case.terms) for text in (case.words, f"{case.words} {spoken}")]
    items.append(code_item(explicit, f"{case.words} {spoken}".encode()))
    elements = elements_of(explicit, outer)
    elements[VIEW_CODES] = explicit.element(VIEW_CODES, "SQ", b"".join(items))
    new = deidentify(explicit.read(elements))
    written = everywhere(new)
    for part, codec in product(group.split("^"), (case.codec, "utf-8")):
        assert bare(part, codec) not in written, (part, codec)
    assert declared(new[VIEW_CODES].value[0]) == case.terms
    assert value(new[VIEW_CODES].value[0], MEANING) == case.encoded(case.words)
    assert case.read(value(new[VIEW_CODES].value[1], MEANING)) == case.words
    assert value(new[VIEW_CODES].value[2], MEANING) == case.words.encode()
    assert value(new, KERNEL) == case.words.split()[0].encode()


MIXED = [
    ("GB18030", "gb18030", "欧阳^修明", "utf-8"),
    ("ISO_IR 192", "utf-8", "欧阳^修明", "gb18030"),
    ("", "cp932", "ヤマダ^タロウ", "cp932"),
    ("", "cp932", "ヤマダ^タロウ", "utf-8"),
    ("\\ISO 2022 IR 149", "euc_kr", "독고^영재", "utf-8"),
    ("ISO_IR 144", "iso8859_5", "Люксембург^Марина", "utf-8"),
    ("ISO_IR 126", "iso8859_7", "Διονυσίου^Ανδρέας", "utf-8"),
]


@pytest.mark.parametrize(("terms", "codec", "name", "other"), MIXED)
def test_names_go_from_texts_in_another_character_set_than_declared(
    terms: str, codec: str, name: str, other: str, deidentify: Callable[[Any], Any], explicit: Any
) -> None:
    surname = name.split("^", maxsplit=1)[0]
    escape = b"\x1b$)C" if codec == "euc_kr" else b""
    texts = {
        CHARACTER_SET: ("CS", terms.encode()),
        PATIENT_NAME: ("PN", b"^".join(escape + part.encode(codec) for part in name.split("^"))),
        STUDY_DESCRIPTION: ("LO", f"CT {surname}".encode(other)),
        MODEL: ("LO", f"CT {surname}".encode(other)),
        KERNEL: ("SH", b"H30"),
    }
    elements = elements_of(explicit, texts)
    elements[VIEW_CODES] = explicit.element(VIEW_CODES, "SQ", code_item(explicit, f"CT {surname}".encode(other)))
    new = deidentify(explicit.read(elements))
    assert surname.encode(other) not in everywhere(new)
    assert value(new, KERNEL) == b"H30"


def test_examples_of_the_standard() -> None:
    japanese = b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J"
    korean = b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf"
    chinese = b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab="
    for terms, data, text in (
        (("ISO 2022 IR 13", "ISO 2022 IR 87"), japanese, "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),  # PS3.5 H.3.2
        (("", "ISO 2022 IR 149"), korean, "Hong^Gildong=洪^吉洞=홍^길동"),  # PS3.5 I.2
        (("", "ISO 2022 IR 58"), chinese, "Zhang^XiaoDong=张^小东="),  # PS3.5 K.2
    ):
        encodings = encodings_of(terms)
        assert encodings is not None
        assert decode(data, encodings, "PN") == text
        assert encode(text, encodings, "PN") == data


def test_g0_and_g1_are_switched_apart() -> None:
    encodings = encodings_of(("ISO 2022 IR 100", "ISO 2022 IR 87", "ISO 2022 IR 144"))
    assert encodings is not None
    data = b"K\xf6pf \x1b-L\xd3\xde\x1b$B;3\xdb\x1b(B\xde \xd2\\\xfc"
    assert decode(data, encodings, "LO") == "Köpf го山ло в\\ü"
    assert decode(b"\x1b-F\xe1", encodings, "LO") is None, "a character set that is not declared"
    assert decode(b"\x1b%G\xc3\xa4", encodings, "LO") is None, "no escape sequence of the standard"
    assert decode(b"\x1b", encodings, "LO") is None
    assert encode("ğ", encodings) is None


ALPHABET = "aZ9 ^=\\\n" + "öß" + "лЮ" + "山田やの" + "한길" + "张东"


@given(st.text(ALPHABET), st.sampled_from(["LO", "PN"]))
def test_what_is_encoded_is_read_again(text: str, vr: str) -> None:
    numbers = ("100", "144", "87", "159", "149", "58")
    encodings = encodings_of(tuple(f"ISO 2022 IR {number}" for number in numbers))
    assert encodings is not None
    data = encode(text, encodings, vr)
    assert data is not None
    assert decode(data, encodings, vr) == text


@given(st.binary(max_size=40), st.sampled_from(["LO", "PN"]))
def test_any_bytes_end_in_a_text_or_in_none(data: bytes, vr: str) -> None:
    encodings = encodings_of(("", "ISO 2022 IR 87", "ISO 2022 IR 149", "ISO 2022 IR 58", "ISO 2022 IR 13"))
    assert encodings is not None
    for prefix in (b"", b"\x1b$B", b"\x1b$)C", b"\x1b$(", b"\x1b)I", b"\x1b$)A"):
        text = decode(prefix + data, encodings, vr)
        assert text is None or "\ufffd" not in text


@pytest.mark.parametrize("declared", [None, b"ISO_IR 100"])
def test_utf_8_that_is_not_declared_is_read_as_it_is_meant(declared: bytes | None, deid: Any, explicit: Any) -> None:
    room = replace(deid, scrub=TextEngine()).with_rules({0x0008103E: "C", 0x00181030: "C"})
    elements = {
        0x0008103E: explicit.element(0x0008103E, "LO", "Schädel MRT für Müller ".encode()),
        0x00181030: explicit.element(0x00181030, "LO", "Schädel MRT nativ ".encode()),
    }
    if declared is not None:
        elements[0x00080005] = explicit.element(0x00080005, "CS", declared)
    written = room.write(explicit.read(elements))
    assert "Müller".encode() not in written
    assert "Schädel MRT".encode() in written
    assert "Schädel MRT nativ".encode() in written


def test_latin_1_that_is_no_utf_8_stays_latin_1() -> None:
    assert actual_encodings("Müller".encode("latin-1"), DEFAULT) == DEFAULT
    assert actual_encodings("Müller".encode(), DEFAULT) == UTF_8
    assert actual_encodings("Müller".encode(), ("iso8859_5",)) == ("iso8859_5",)
