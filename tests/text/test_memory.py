from __future__ import annotations

from deid.identity.known_values import KnownValue, ValueKind
from deid.profile import TextPolicy
from deid.text import TextEngine

SMITH = (KnownValue("ZWIEBELFISCH^ANN", ValueKind.PATIENT_NAME, "PatientName"),)
JONES = (KnownValue("QUIXWORTHY^ANN", ValueKind.PATIENT_NAME, "PatientName"),)


def test_answers_of_one_patient_are_not_given_for_another() -> None:
    engine = TextEngine(TextPolicy(nlp="off", keep=("zwiebelfisch", "quixworthy")))
    text = "knee Zwiebelfisch Quixworthy"
    for _ in range(2):
        assert engine.clean(text, SMITH).text == "knee Quixworthy"
        assert engine.clean(text, JONES).text == "knee Zwiebelfisch"
        assert engine.clean(text, ()).text == text
        assert [span.start for span in engine.judge_line(text, SMITH).spans] == [5]
        assert [span.start for span in engine.judge_line(text, JONES).spans] == [18]


def test_an_answer_is_the_same_the_second_time_and_for_an_equal_patient() -> None:
    engine = TextEngine(TextPolicy(nlp="off"))
    again = tuple(KnownValue(value.text, value.kind, value.keyword) for value in SMITH)
    for text in ("knee of Ann Zwiebelfisch", "knee", "", "x" * 2000 + " Zwiebelfisch"):
        assert (
            engine.clean(text, SMITH)
            == engine.clean(text, again)
            == TextEngine(TextPolicy(nlp="off")).clean(text, SMITH)
        )
        assert engine.judge_line(text, SMITH) == engine.judge_line(text, again)
