"""A known name that means something else, too, is cut where it can be the name, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.identity.known_values import KnownValue, ValueKind

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


def _named(surname: str) -> tuple[KnownValue, ...]:
    return (KnownValue(f"{surname}^Sigrun", ValueKind.PATIENT_NAME, "PatientName"),)


@pytest.mark.parametrize(
    ("surname", "text", "left"),
    [
        ("Shell", "CT CHEST SHELL", "CT CHEST"),
        ("Shell", "Shell", ""),
        ("Young", "CT chest Young", "CT chest"),
        ("Neck", "Seen by Dr Neck", "Seen"),
        ("Nerve", "MR knee, Mr. Nerve could not stand", "MR knee, could not stand"),
        ("Nerve", "MR knee ordered by Nerve", "MR knee ordered"),
    ],
)
def test_cut(engine: TextEngine, surname: str, text: str, left: str) -> None:
    assert engine.clean(text, _named(surname)).text == left


@pytest.mark.parametrize(
    ("surname", "text"),
    [
        ("Neck", "CT NECK W CONTRAST"),
        ("Chest", "CHEST"),
        ("Young", "chest of a young adult"),
        ("Young", "YOUNG ADULT CHEST"),
        ("Will", "PATIENT WILL RETURN"),
    ],
)
def test_kept(engine: TextEngine, surname: str, text: str) -> None:
    assert engine.clean(text, _named(surname)).text == text
