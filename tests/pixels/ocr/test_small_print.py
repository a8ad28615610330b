"""A second opinion on small print: which of two texts stands there. Settles blanks and letters, keeps no name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.identity.known_values import KnownValue, ValueKind
from deid.pixels.judging.findings import Judged, Judging, judge_lines
from deid.pixels.ocr.blanks import respaced
from deid.pixels.ocr.line import TextLine
from deid.pixels.ocr.models import small_print_weights
from deid.pixels.ocr.small_print import ALPHABET, HEIGHT, Answers, SmallPrint, crop_grey
from deid.text import TextEngine

ENGINE = TextEngine()


def seen(text: str, sure: float = 0.99) -> Answers:
    """What the net would see where a text is clear to read."""
    steps = np.full((2 * len(text) + 1, len(ALPHABET) + 1), (1 - sure) / len(ALPHABET), np.float32)
    for index in range(len(steps)):
        steps[index, ALPHABET.index(text[index // 2]) + 1 if index % 2 else 0] = sure
    return Answers(steps)


def line(text: str, opinion: Answers | None, parted: str = "") -> TextLine:
    corners = ((10.0, 10.0), (10.0 + 6 * len(text), 10.0), (10.0 + 6 * len(text), 20.0), (10.0, 20.0))

    def read(as_text: str) -> TextLine:
        return TextLine(corners, 0.9, 0.99, as_text, tuple(at / len(as_text) for at in range(len(as_text) + 1)))

    own = read(text)
    return TextLine(corners, 0.9, 0.99, text, own.edges, read(parted) if parted else None, opinion)


def judged(text: str, stands: str, known: tuple[KnownValue, ...] = ()) -> Judged:
    (one,) = judge_lines([respaced(line(text, seen(stands)))], known, ENGINE, Judging())
    return one


def test_a_text_is_as_probable_as_all_ways_to_place_it() -> None:
    steps = np.zeros((2, len(ALPHABET) + 1), np.float32)
    one = ALPHABET.index("A") + 1
    steps[:, 0], steps[:, one] = 0.4, 0.6
    assert Answers(steps).probabilities(["A"]) == pytest.approx([0.6 * 0.6 + 2 * 0.6 * 0.4])
    assert Answers(steps).probabilities(["AA", "Á", "小", ""]) == pytest.approx([0.0, 0.84, 0.0, 0.0])


@pytest.mark.parametrize(
    ("read", "stands"), [("UPRI GHT", "UPRIGHT"), ("RECUM BENT", "RECUMBENT"), ("Dvn R 55", "Dyn R 55")]
)
def test_a_misread_label_stays(read: str, stands: str) -> None:
    (without,) = judge_lines([line(read, None)], (), ENGINE, Judging())
    assert without.hidden
    assert not judged(read, stands).hidden


def doubted(text: str, blank: float = 0.7) -> Answers:
    """What the net would see if each blank might be none."""
    answers = seen(text)
    for at in (at for at, letter in enumerate(text) if letter == " "):
        answers.steps[2 * at + 1, 0], answers.steps[2 * at + 1, 1] = 1 - blank, blank
    return answers


@pytest.mark.parametrize("read", ["UPRI GHT", "WEI GHT BEARI NG", "AXI AL"])
def test_halves_of_a_clinical_word_beside_an_i_are_one_word(read: str) -> None:
    (without,) = judge_lines([line(read, None)], (), ENGINE, Judging())
    assert without.hidden
    (one,) = judge_lines([line(read, doubted(read))], (), ENGINE, Judging())
    assert not one.hidden


@pytest.mark.parametrize("read", ["STAN DING", "AL IX", "KIM LI", "RT AI"])
def test_what_is_no_word_in_halves_beside_an_i_is_left_apart(read: str) -> None:
    (one,) = judge_lines([line(read, doubted(read))], (), ENGINE, Judging(marks=True))
    assert one.hidden


@pytest.mark.parametrize("read", ["UPRI GHT", "AXI AL"])
def test_a_blank_that_is_seen_keeps_halves_apart(read: str) -> None:
    assert judged(read, read).hidden


@pytest.mark.parametrize(
    ("read", "stands"), [("J an 28 1942", "Jan 28 1942"), ("DO 20 2008", "Aug 20 2008"), ("0d 11 2018", "Oct 11 2018")]
)
def test_a_misread_date_goes(read: str, stands: str) -> None:
    (without,) = judge_lines([line(read, None)], (), ENGINE, Judging())
    assert not without.hidden
    assert judged(read, stands).hidden


@pytest.mark.parametrize("read", ["J an 28 1942", "* J a 28 1942"])
def test_a_month_is_seen_of_which_nothing_was_read_right(read: str) -> None:
    (without,) = judge_lines([line(read, None)], (), ENGINE, Judging())
    year = without.box.x1 - 4 * 6
    assert not [box for box in without.hidden if box.x1 > year]
    (one,) = judge_lines([line(read, seen(read.partition("J")[0] + "Jan 28 1942"))], (), ENGINE, Judging())
    assert [box for box in one.hidden if box.x1 > year]


def test_a_date_goes_from_its_month_though_that_was_torn_or_not_read_at_all() -> None:
    for read, stands, first in (
        ("Ma r 02 2006 06:20:27", "Ma r O2 2OO6 06:20:27", 0),
        ("*  20 1995", "* Apr 20 1995", 1),
        ("20 1995", "APR 20 1995", 0),
    ):
        one = judged(read, stands)
        assert min(box.x0 for box in one.hidden) <= 10 + 6 * first
    assert not judged("*  20 1995", "*  20 1995").hidden
    assert not judged("Im: 20 1995", "Im: 20 1995").hidden


def test_a_mark_goes_of_which_but_one_letter_was_read() -> None:
    (without,) = judge_lines([line("RT V", None)], (), ENGINE, Judging())
    assert not without.hidden
    (hidden,) = judged("RT V", "RT Vj").hidden
    assert hidden.x0 >= 10 + 2 * 6
    assert not judged("RT V", "RT V").hidden


@pytest.mark.parametrize("read", ["Bo rn: Ma r 06 1969", "Bo rn: 0c t 06 1969"])
def test_a_month_with_a_blank_is_one_though_the_net_sees_the_blank_too(read: str) -> None:
    """Print of 9 pixels without smooth edges has a gap there."""
    one = judged(read, read)
    assert max(box.x1 for box in one.hidden) >= one.box.x1


def test_a_date_that_was_read_as_one_number_with_the_time_goes_with_its_month() -> None:
    def first(one: Judged) -> int:
        return min(box.x0 for box in one.hidden)

    read, stands = "Mar 25201617:19:24", "Mar 25 2016 17:19:24"
    (without,) = judge_lines([line(read, None)], (), ENGINE, Judging())
    assert first(without) > 10 + 3 * 6
    assert first(judged(read, stands)) <= 10


def test_a_mark_beside_a_side_in_which_a_blank_was_read_goes() -> None:
    (hidden,) = judged("RI GHT TI", "RIGHT TI").hidden
    assert hidden.x0 > 10 + 5 * 6


def torn(read: str, stands: str, share: float, sure: float = 0.99) -> TextLine:
    """A line of which the reader of small print thinks that another text, as long, may stand there."""
    answers = seen(read, sure)
    for at, (letter, other) in enumerate(zip(read, stands, strict=True)):
        if letter != other:
            answers.steps[2 * at + 1, ALPHABET.index(other) + 1] = share
    return line(read, answers)


@pytest.mark.parametrize(
    ("read", "stands"),
    [("kYp 85", "kVp 85"), ("rhk 2.5", "Thk 2.5"), ("Dym R 55", "Dyn R 55"), ("DWT b1000", "DWI b1000")],
)
def test_a_setting_before_its_number_stays_if_it_may_well_stand_there(read: str, stands: str) -> None:
    # Nobody writes a name as `kYp`: it needs less to be a setting.
    least = 0.00002 if read[:1].islower() and read[1:2].isupper() else 0.002
    for own, stays in (
        (line(read, None), False),
        (torn(read, stands, least / 20, 0.999999), False),
        (torn(read, stands, least * 10, 0.999999), True),
    ):
        (one,) = judge_lines([own], (), ENGINE, Judging())
        assert bool(one.hidden) != stays


@pytest.mark.parametrize(
    ("read", "stands"),
    [("Cain 62", "Gain 62"), ("KYP", "KVP"), ("rhk 251177", "Thk 251177"), ("Dym Meyer 55", "Dyn Meyer 55")],
)
def test_a_name_or_a_longer_number_is_no_setting(read: str, stands: str) -> None:
    (one,) = judge_lines([torn(read, stands, 0.02)], (), ENGINE, Judging())
    assert one.hidden


def test_what_stands_before_a_number_with_a_unit_is_no_name_whatever_its_letters_look_like() -> None:
    for read, stands, stays in (
        ("FOY 240mm", "FOV 240mm", True),
        ("FOY 240 mm", "FOV 240 mm", True),
        ("FOY 24", "FOV 24", False),
        ("FOY 54 kg", "FOV 54 kg", False),
        ("Dym 54 kg", "Dyn 54 kg", False),
    ):
        (one,) = judge_lines([torn(read, stands, 1e-4, 0.999999)], (), ENGINE, Judging())
        assert bool(one.hidden) != stays
    known = (KnownValue("FOY^ANNA", ValueKind.PATIENT_NAME, "PatientName"),)
    (one,) = judge_lines([torn("FOY 240mm", "FOV 240mm", 1e-4, 0.999999)], known, ENGINE, Judging())
    assert one.hidden


@pytest.mark.parametrize(
    ("read", "stands", "stays"),
    [
        ("SBMI-ERECT", "SEMI-ERECT", True),
        ("Kexmel B30f", "Kernel B30f", True),
        ("Kexmel B30", "Kernel B30", False),
        ("SBMI-MEYER", "SEMI-MEYER", False),
        ("LEFT KIINEY", "LEFT KIDNEY", True),
        ("LEET KIINEY", "LEET KIDNEY", False),
        ("LEFT MEIER", "LEFT METER", False),
    ],
)
def test_a_misread_word_stays_beside_the_one_that_it_belongs_to(read: str, stands: str, *, stays: bool) -> None:
    (without,) = judge_lines([line(read, None)], (), ENGINE, Judging())
    assert without.hidden
    (one,) = judge_lines([torn(read, stands, 0.8 if " K" in read else 0.05)], (), ENGINE, Judging())
    assert bool(one.hidden) != stays


def recognised(text: str, also: str, share: float) -> TextLine:
    """A line as the recogniser reads it, with the letters that it took for possible."""
    steps = seen(text, 0.999).steps
    if len(also) < len(text):
        steps[2 * text.index(" ") + 1, 0] = share
    for at, (letter, other) in enumerate(zip(text, also, strict=False)):
        if letter != other and len(also) == len(text):
            steps[2 * at + 1, ALPHABET.index(other) + 1] = share
    return replace(line(text, None), letters=Answers(steps))


@pytest.mark.parametrize(
    ("read", "stands"), [("LEET", "LEFT"), ("LIVFR", "LIVER"), ("KNFE", "KNEE"), ("UPRI GHT", "UPRIGHT")]
)
def test_a_label_in_noise_stays_if_the_recogniser_took_it_for_nearly_as_likely(read: str, stands: str) -> None:
    for own, stays in (
        (line(read, None), False),
        (recognised(read, stands, 0.01 if len(read) == len(stands) else 0.001), False),
        (recognised(read, stands, 0.3 if len(read) == len(stands) else 0.06), True),
    ):
        (one,) = judge_lines([own], (), ENGINE, Judging())
        assert bool(one.hidden) != stays


def test_a_label_stays_of_which_the_recogniser_left_a_letter_out() -> None:
    """`KEE` beside no side would be the mark of a technologist; less sure ones are of three letters to begin with."""
    for share, stays in ((0.05, False), (0.3, True)):
        steps = np.insert(seen("KEE", 0.999).steps, 2, 0.0, axis=0)
        steps[2] = steps[1] * 0
        steps[2, 0], steps[2, ALPHABET.index("N") + 1] = 1 - share, share
        own = replace(line("KEE", None), letters=Answers(steps))
        (one,) = judge_lines([own], (), ENGINE, Judging(marks=True))
        assert bool(one.hidden) != stays


def test_a_name_goes_though_the_recogniser_saw_a_word_in_it_too() -> None:
    known = (KnownValue("LEET^ANNA", ValueKind.PATIENT_NAME, "PatientName"),)
    for text, also, values in (
        ("LEET", "LEFT", known),
        ("Dr. LEET", "Dr. LEFT", ()),
        ("LEET^ANNA", "LEFT^ANNA", ()),
        ("LY", "LV", ()),
    ):
        (one,) = judge_lines([recognised(text, also, 0.3)], values, ENGINE, Judging())
        assert one.hidden


@pytest.mark.parametrize("name", ["KEMEL^ANNA", "Kemel", "LY", "JT", "STRZEMECKI", "Dgm Meyer"])
def test_a_name_that_stands_there_goes_however_much_it_looks_like_a_word(name: str) -> None:
    assert judged(name, name).hidden


def test_what_the_header_knows_goes_whatever_else_it_may_be() -> None:
    known = (KnownValue("KEMEL^B", ValueKind.PATIENT_NAME, "PatientName"),)
    assert judged("Kemel B", "Kernel B", known).hidden


def test_initials_take_more_to_be_an_abbreviation() -> None:
    doubtful = seen("LV", sure=0.85)
    doubtful.steps[3, ALPHABET.index("Y") + 1] = 0.1
    (one,) = judge_lines([line("LY", doubtful)], (), ENGINE, Judging())
    assert one.hidden


def test_a_side_stays_apart_from_the_mark_beside_it() -> None:
    assert respaced(line("L AT", seen("LAT"))).text == "L AT"


def test_blanks_are_those_that_are_seen() -> None:
    assert respaced(line("DrMEYER", seen("Dr MEYER"), "Dr MEYER")).text == "Dr MEYER"
    assert respaced(line("LIVER", seen("LIVER"), "L IVER")).parted is None
    assert respaced(line("LIVER", seen("L IVER"), "L IVER")).text == "LIVER"
    parted = respaced(line("W400L40", seen("W 400 L 40")))
    assert parted.text == "W 400 L 40"
    assert len(parted.edges) == len("W 400 L 40") + 1
    assert parted.edges == tuple(sorted(parted.edges))
    assert respaced(line("H0004003", seen("H0004003"))).text == "H0004003"
    assert respaced(line("W 400 L 40", seen("W 400 L 40"))).text == "W 400 L 40"
    assert respaced(line("Deplh 15 cm", seen("Deplh15cm"))).text == "Deplh 15 cm"  # letters and numbers stand apart
    own = respaced(line("UPRI GHT", seen("UPRIGHT")))
    assert len(own.edges) == len("UPRIGHT") + 1
    assert own.edges == tuple(sorted(own.edges))


@pytest.mark.parametrize(
    ("stands", "read"),
    [
        ("SUPINE", "SUPI NE"),
        ("W 400 L 40", "W400L40"),
        ("TIB 1.1", "IIB 1.1"),
        ("LYMPH NODE", "LYPH NODE"),
        ("LATERAL", "CATARAL"),
        ("GALLBLADDER", "GALIBLAIIER"),
        ("Mar 25 2016 17:19:24", "Mar 25201617:19:24"),
        ("LV", "LY"),
        ("LY", "LV"),
        ("JT", "PT"),
        ("Aug 20 2008", "DO 20 2008"),
    ],
)
def test_the_net_tells_what_stands_there_in_a_bitmap_font(stands: str, read: str) -> None:
    """Pillow's font of 8 pixels: none that the net has learnt from. What is read wrong was read so by PP-OCR."""
    picture = Image.new("L", (150, 30))
    ImageDraw.Draw(picture).text((8, 8), stands, fill=230, font=ImageFont.load_default_imagefont())
    pixels = np.asarray(picture)
    rows, columns = np.nonzero(pixels)
    x0, x1, y0, y1 = columns.min() - 3.0, columns.max() + 4.0, rows.min() - 2.0, rows.max() + 3.0
    answers = SmallPrint(small_print_weights()).look(
        np.repeat(pixels[:, :, None], 3, axis=2), ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    )
    right, wrong = answers.probabilities([stands, read])
    assert right > 10 * wrong


def test_a_crop_is_as_high_as_the_net_is_used_to_whatever_its_contrast() -> None:
    flat = np.full((20, 60, 3), 90, np.uint8)
    crop = crop_grey(flat, ((5, 5), (45, 5), (45, 15), (5, 15)))
    assert crop.shape == (HEIGHT, 96)
    assert not crop.any()
