"""The scores of `make bench-text`, on strings small enough to count by hand."""

from __future__ import annotations

from random import Random

from tests.bench.text.fill import Part, Sample
from tests.bench.text.noise import misread
from tests.bench.text.scoring import Score, judge, together

SAMPLE = Sample(
    "header", "en", (Part("clinical", "CT CHEST"), Part("", " for "), Part("LAST", "O'Hara"), Part("", "."))
)


def test_a_value_counts_only_if_each_letter_of_it_was_found() -> None:
    assert SAMPLE.text == "CT CHEST for O'Hara."
    assert judge(SAMPLE, [(13, 19)]).values[0].right
    assert judge(SAMPLE, [(13, 14), (15, 19)]).values[0].right
    assert not judge(SAMPLE, [(15, 19)]).values[0].right


def test_clinical_words_are_kept_if_nothing_of_them_was_taken() -> None:
    judged = judge(SAMPLE, [(1, 2), (13, 19)])
    assert [word.right for word in judged.words] == [False, True]


def test_shares_of_sets_are_pooled() -> None:
    whole = together([Score((judge(SAMPLE, [(13, 19)]),), 1.0), Score((judge(SAMPLE, []),), 1.0)])
    assert whole.removed.startswith("50.0 (")
    assert whole.touched.startswith("50.0 (")
    assert whole.kept.startswith("100.0 (")
    assert whole.speed == 1.0
    assert whole.among(lambda sample: sample.locale == "de").removed == "–"


def test_misreading_keeps_the_truth_in_place() -> None:
    noisy = Sample("misread", "en", misread(SAMPLE.parts * 40, Random(4)))  # noqa: S311 - test strings
    assert noisy.text != SAMPLE.text * 40
    places = noisy.ranges(identifying=True)
    assert len(places) == 40
    assert all("ara" in noisy.text[start:end] or len(noisy.text[start:end]) >= 4 for start, end, _ in places)
