"""Words in other scripts than Latin: names go, words of radiology stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.text.fold import Folded
from deid.text.words.scripts import find_in_scripts

if TYPE_CHECKING:
    from deid.text import TextEngine


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_in_scripts(Folded(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("КТ органов грудной клетки с контрастом Иванов Иван", ["Иванов", "Иван"]),
        ("胸部CT 単純 田中太郎", ["田中太郎"]),
        ("右膝関節正面 山田 花子", ["山田", "花子"]),
        ("腹部平扫+增强 王伟", ["王伟"]),
        ("흉부 CT 조영증강 김민수", ["김민수"]),
        ("Αξονική θώρακος Παπαδόπουλος", ["Παπαδόπουλος"]),
        ("الأشعة المقطعية للصدر محمد الخطيب", ["محمد", "الخطيب"]),
        ("MRI שלום כהן", ["שלום", "כהן"]),
        ("胸部正面立位 男 45歳", []),
        ("AC 5.0 [µ-map] β 2 Ω", []),
        ("СТ СHEST", []),
    ],
)
def test_only_words_of_radiology_stay(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_a_name_in_its_own_script_is_cut_without_a_header_that_tells_it(engine: TextEngine) -> None:
    assert engine.clean("CT грудной клетки Сафронова Мария", ()).text == "CT грудной клетки"
    assert engine.clean("腹部造影CT 高松健", ()).text == "腹部造影CT"


def test_clinical_words_in_other_scripts_are_kept_in_pixels(engine: TextEngine) -> None:
    assert not engine.judge_line("胸部 正面", ()).identifying
    assert engine.judge_line("胸部 高松", ()).identifying


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ﾄｳﾌﾞ CT", "ﾄｳﾌﾞ CT"),
        ("ﾔﾏﾀﾞ ﾄｳﾌﾞ", "ﾄｳﾌﾞ"),
        ("CT בטן עם חומר ניגוד", "CT בטן עם חומר ניגוד"),
        ("CT בטן כהן", "CT בטן"),
        ("ตรวจกระดูกสันหลัง", "ตรวจกระดูกสันหลัง"),
        ("สมชาย สมอง", "สมอง"),
        ("สุขา MRI", "MRI"),
    ],
)
def test_words_of_hebrew_thai_and_half_width_kana(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left
