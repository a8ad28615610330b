"""Conditions of rules: what another attribute must hold for a rule to apply.

Values are compared without regard to case and to blanks around or repeated within them. Of several values one must fit.
Patterns know `*`, `?` and `[…]` only and cover the whole value, so that no value can make matching slow.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Test = Literal["equals", "matches", "present", "absent"]
LONGEST_VALUE = 1 << 16
"""Characters; a condition can't be asked of a longer value."""

OPEN_BRACKET_REMEDY = "close it with `]`, or write `[[]` for the bracket itself"
_SET = re.compile(r"\[!?\]?[^\]]*\]")


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """One condition on one attribute.

    Attributes:
        tag: The attribute that is asked.
        test: `equals` and `matches` want one of `texts`; `present` and `absent` ask whether there is a value.
        texts: Values or patterns, as the profile writes them.
        name: Its keyword, or its tag.
    """

    tag: int
    test: Test
    texts: tuple[str, ...]
    name: str

    @property
    def asks_for_text(self) -> bool:
        """Whether the value itself matters, not just that there is one."""
        return self.test in {"equals", "matches"}

    def met_by(self, values: Sequence[str]) -> bool:
        """Whether the attribute's values meet it; no values where it is absent or empty."""
        if self.test == "present":
            return bool(values)
        if self.test == "absent":
            return not values
        normal = [normalised(value) for value in values]
        if self.test == "equals":
            return not {normalised(text) for text in self.texts}.isdisjoint(normal)
        return any(_compiled(text).match(value) for text in self.texts for value in normal)

    def __str__(self) -> str:
        if not self.asks_for_text:
            return f"{self.name} {self.test}"
        return f"{self.name} {'is' if self.test == 'equals' else 'matches'} {' or '.join(self.texts)}"


def has_open_bracket(pattern: str) -> bool:
    """Whether a pattern opens a set of characters that it does not close: it would stand for the bracket itself."""
    return "[" in _SET.sub("", pattern)


def normalised(text: str) -> str:
    """A value for comparison."""
    return " ".join(text.replace("\0", " ").casefold().split())


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    # fnmatch makes each `*` final once it has matched: the time is bounded by value times pattern.
    return re.compile(fnmatch.translate(normalised(pattern)))
