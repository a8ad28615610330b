"""Answers on the texts of one subject, kept: the instances of a series repeat their descriptions and overlay lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from deid.text.known.exact import KnownValues

_LONGEST, _MOST = 512, 8192
_Answer = TypeVar("_Answer")


class Memory(Generic[_Answer]):
    """Answers by text. They hold for one set of known values: with another, all are forgotten."""

    def __init__(self) -> None:
        self._known: KnownValues | None = None
        self._answers: dict[str, _Answer] = {}

    def recall(self, text: str, known: KnownValues, answer: Callable[[str, KnownValues], _Answer]) -> _Answer:
        """The answer on a text: from memory, or made by `answer`. Long texts are not kept, nor are too many."""
        if len(text) > _LONGEST:
            return answer(text, known)
        if self._known is not known or len(self._answers) >= _MOST:
            self._known, self._answers = known, {}
        if text not in self._answers:
            self._answers[text] = answer(text, known)
        return self._answers[text]
