from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.identity.known_values import KnownValue, ValueKind
from deid.text import TextEngine
from deid.text.known.strength import stands_alone

Known = tuple[KnownValue, ...]
_ENGINE = TextEngine()


def patient(name: str, number: str = "") -> Known:
    values = [KnownValue(name, ValueKind.PATIENT_NAME, "PatientName")]
    if number:
        values.append(KnownValue(number, ValueKind.PATIENT_ID, "PatientID"))
    return tuple(values)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("XR CHEST AP for Sigrun Brandvold", "XR CHEST AP"),
        ("CHEST (BRANDVOLD) AP", "CHEST AP"),
        ("BRANDVOLD_SIGRUN_CHEST", "CHEST"),
        ("CT_5583920174_HEAD", "CT_HEAD"),
        ("HEAD 558-392-0174", "HEAD"),
        ("SIGRUNBRANDVOLD HEAD", "HEAD"),
        ("Brandvold, Sigrun T.; knee", ".; knee"),
        ("S. Brandvold knee", "knee"),
        ("SBrandvold knee", "knee"),
        ("BrÁndvold knee", "knee"),
        ("ВRАNDVОLD knee", "knee"),
        ("Brand\u200bvold knee", "knee"),
        ("B R A N D V O L D knee", "knee"),
        ("HEADBRANDVOLD", "HEAD"),
        ("brandvoldmri knee", "mri knee"),
        ("the Brandvolds' knee", "knee"),
        ("Brandvold's knee", "knee"),
        ("Brand-vold knee", "knee"),
        ("knee Quill feather", "knee"),
        ("born 03/07/1952, knee", "born, knee"),
        ("scan of 24 Aug 2019 knee", "scan of knee"),
        ("24.08.2019", ""),
        ("knee at Quillfeather Okoro and Lind Medical Center", "knee"),
        ("call 415 555 0163 now", "call now"),
        ("line one\nBRANDVOLD\nline three", "line one\n\nline three"),
        ("sent by Dr. Oyelaran", "sent"),
        ("20190824E730155 knee", "knee"),
    ],
)
def test_known_values_are_cut(known: Known, text: str, left: str) -> None:
    assert _ENGINE.scrub(text, known).text == left


@pytest.mark.parametrize(
    "text",
    [
        "XR CHEST AP PORTABLE",
        "  two  blanks  stay ",
        "",
        " ",
        "1.5T  T2W",
        "Medical Center",
        "T",
        "DR CHEST",
        "Brandy",
        "Brandvoldian",
        "558392",
        "2019",
        "CT HEAD W/O CONTRAST",
        "a^b",
        "Terrace",
        "\x00\x1b[0m",
        "061",
    ],
)
def test_other_texts_stay_as_they_are(known: Known, text: str) -> None:
    result = _ENGINE.scrub(text, known)
    assert result.text == text
    assert result.spans == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (("CHEST^AP",), "CHEST AP PORTABLE"),
        (("MR",), "MR BRAIN"),
        (("LEE^ANN",), "LEE axis"),
        (("LONG^HEAD",), "LONG HEAD OF BICEPS"),
        (("PHANTOM", "CT1"), "CT1 PHANTOM"),
        (("ANONYMOUS", "0000"), "ANONYMOUS 0000"),
        (("DOE^J", "12345"), "exposure 12345"),
        (("NORMA^ANN",), "NORMAL"),
        (("BACKHAND^K",), "BACK HAND"),
    ],
)
def test_weak_values_do_not_destroy_clinical_text(value: tuple[str, ...], text: str) -> None:
    assert _ENGINE.scrub(text, patient(*value)).text == text


@pytest.mark.parametrize(
    ("value", "text", "left"),
    [
        (("CHEST^AP",), "Name: CHEST", "Name:"),
        (("WARD^OMAR",), "CTA HEAD Ordered for Omar Ward", "CTA HEAD Ordered"),
        (("WARD^OMAR",), "Ward^Omar Scout", "Scout"),
        (("WARD^OMAR",), "Scout Ward, Omar", "Scout"),
        (("LEE^ANN",), "HEAD for Lee", "HEAD"),
        (("LEE^ANN",), "Lee Ann HEAD", "HEAD"),
        (("LONG^AMY",), "Amy Long knee", "knee"),
        (("PHANTOM", "CT1"), "ID: CT1 HEAD", "ID: HEAD"),
        (("王^小东",), "头颅王小东", "头颅"),
    ],
)
def test_weak_values_are_cut_where_the_context_names_someone(value: tuple[str, ...], text: str, left: str) -> None:
    assert _ENGINE.scrub(text, patient(*value)).text == left


def test_strength_is_told() -> None:
    assert stands_alone(KnownValue("BRANDVOLD^S", ValueKind.PATIENT_NAME, "PatientName"))
    assert not stands_alone(KnownValue("CHEST", ValueKind.PATIENT_NAME, "PatientName"))
    assert not stands_alone(KnownValue("CT1", ValueKind.PATIENT_ID, "PatientID"))


def test_spans_index_the_original(known: Known) -> None:
    text = "MRI for Sigrun Brandvold on 20190824"
    found = [text[span.start : span.end] for span in _ENGINE.scrub(text, known).spans]
    assert found == ["Sigrun Brandvold", "20190824"]


def test_what_a_cut_brings_together_is_cut_too() -> None:
    known = patient("BRANDVOLD", "5583920174")
    result = _ENGINE.scrub("Brand5583920174vold", known)
    assert _ENGINE.find_known(result.text, known, strict=True) == ()
    assert "rand" not in result.text


def test_reasons_and_reprs_quote_nothing(known: Known) -> None:
    result = _ENGINE.scrub("for Sigrun Brandvold 5583920174", known)
    assert not any(word in repr(result) for word in ("Brandvold", "Sigrun", "558"))


_PIECES = st.sampled_from(
    [
        "BRANDVOLD",
        "Sigrun",
        "T",
        "5583920174",
        "558-392-0174",
        "03/07/1952",
        "24 Aug 2019",
        "Aug",
        "2019",
        "24",
        "for",
        "by",
        " ",
        " ",
        "^",
        "_",
        "-",
        "\n",
        "CHEST",
        "(",
        ")",
        "Name:",
        "ID",
        "\u200b",
        "é",
        "vold",
        "Brand",
        "55839",
        "20174",
        ",",
        "Dr.",
        "Lind",
        "Quillfeather",
        "Okoro and",
        "Larkspur",
        "Medical Center",
        "0163",
        "415 555",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_what_a_strict_search_finds_is_always_cut(known: Known, text: str) -> None:
    result = _ENGINE.scrub(text, known)
    assert _ENGINE.find_known(result.text, known, strict=True) == ()
    assert (result.text == text) == (result.spans == ())
    position = 0
    for character in result.text:  # what stays are characters of the original, in order
        position = text.index(character, position) + 1


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(max_size=30), st.sampled_from(list(ValueKind)))
def test_any_value_and_any_text_end_clean(text: str, value: str, kind: ValueKind) -> None:
    known = (KnownValue(value, kind, "PatientComments"),)
    for mixed in (text, text + value, f"{value} {text}"):
        result = _ENGINE.scrub(mixed, known)
        assert _ENGINE.find_known(result.text, known, strict=True) == ()
        for span in _ENGINE.find_known(mixed, known):
            assert 0 <= span.start < span.end <= len(mixed)


@settings(max_examples=150, deadline=None)
@given(
    st.from_regex(r"[A-Z]{5,10}\^[A-Z]{4,8}", fullmatch=True).filter(lambda name: "ANON" not in name),
    st.sampled_from(["{1} {0}", "{0}, {1}", "{0}^{1}", "{0}_{1}", "{1}.{0}", "{0}{1}", "x {0} y", "({1}-{0})"]),
)
def test_a_name_is_found_in_any_order_and_with_any_separator(name: str, form: str) -> None:
    family, given_name = name.split("^")
    known = patient(name)
    if not stands_alone(known[0]) or not all(stands_alone(patient(part)[0]) for part in (family, given_name)):
        return
    text = form.format(family, given_name).title()
    assert family.lower() not in _ENGINE.scrub(text, known).text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "1-" * 500_000,
        "chest ap " * 110_000,
        "\u200bé" * 300_000,
        "(" * 1_000_000,
        "\n" * 1_000_000,
        "Brandvold " * 20_000,
    ],
    ids=["letters", "numbers", "words", "marks", "brackets", "breaks", "names"],
)
def test_long_texts_take_bounded_time(known: Known, text: str) -> None:
    start = time.perf_counter()
    _ENGINE.scrub(text, known)
    assert time.perf_counter() - start < 20


def test_a_text_without_known_values_costs_little(known: Known) -> None:
    text = "XR CHEST AP PORTABLE"
    _ENGINE.find_known(text, known, strict=True)
    best = min(_timed(text, known) for _ in range(5))
    assert best < 200e-6  # about 5 µs on an idle machine


def _timed(text: str, known: Known) -> float:
    start = time.perf_counter()
    for _ in range(100):
        _ENGINE.find_known(text, known, strict=True)
    return (time.perf_counter() - start) / 100


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("FEATHERST", ""),
        ("Featherston 1", "1"),
        ("HN FEATHERSTONE", "HN"),
        ("Featherst1 bolus", "1 bolus"),
        ("Featherst. C knee", "knee"),
        ("Constan", ""),
        ("feathers of the tail", "feathers of the tail"),  # less than half of the name
        ("constant infusion", "constant infusion"),  # a clinical word
        ("FEATHERSTIX", "FEATHERSTIX"),
    ],
)
def test_names_that_were_cut_off_are_cut_out(text: str, left: str) -> None:
    """Fields of 8 to 16 characters hold the starts of long names: labels, logins, file sets."""
    assert _ENGINE.scrub(text, patient("Featherstonehaugh^Constantine")).text.strip() == left


def test_a_known_day_is_found_where_the_time_and_a_counter_go_on_behind_it() -> None:
    """Toshiba's Volume Number is made from them; so are numbers of many archives."""
    known = (KnownValue("20190824", ValueKind.DATE, "AcquisitionDate"),)
    for text in ("20190824195109552834", "2019082419510955", "20190824001", "VOL20190824195109552834"):
        assert "2019" not in _ENGINE.scrub(text, known).text
    for text in ("20190825195109552834", "1201908249", "20191"):
        assert _ENGINE.scrub(text, known).text == text


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("R3.2.2 Enhanced Dicom Phantom", "R3.2.2 Enhanced Dicom Phantom", ""),
        ("Head Phantom", "MPRAGE Head Phantom 2", "MPRAGE 2"),
        ("Head Phantom", "phantom of the head", "phantom of the head"),
        ("Head Phantom", "Head Phantoms", "Head Phantoms"),
    ],
)
def test_a_name_of_clinical_words_is_cut_where_it_is_written_out_as_it_is(name: str, text: str, left: str) -> None:
    """Phantoms and test patients are called so; verification would refuse the file."""
    assert _ENGINE.scrub(text, patient(name)).text == left
    assert _ENGINE.scrub(text, (KnownValue(name, ValueKind.PATIENT_ID, "PatientID"),)).text == left


@pytest.mark.parametrize(
    ("institution", "text", "left"),
    [
        ("GRAVENBERG SOUTHERN HOSPITAL", "GSHPACS", ""),
        ("GRAVENBERG SOUTHERN HOSPITAL", "GSH_RIS", "RIS"),
        ("SGH SPRINGWOOD GENERAL HOSPITAL", "SGH0101", "0101"),
        ("QVK - WIEN", "QVK2", "2"),
        ("GRAVENBERG SOUTHERN HOSPITAL", "GSHX", "GSHX"),
        ("Medical Research Institute", "MRI0101", "MRI0101"),
    ],
)
def test_codes_of_an_institution_do_not_name_it(institution: str, text: str, left: str) -> None:
    known = (KnownValue(institution, ValueKind.INSTITUTION, "InstitutionName"),)
    assert _ENGINE.scrub_code(text, known).text == left
