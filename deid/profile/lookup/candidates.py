"""The rules that could decide on an attribute, and which of them does."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.attributes.attribute import is_private
from deid.profile.lookup.matching import Matcher
from deid.profile.lookup.tags import ALL_PRIVATE, TagPattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deid.profile.lookup.model import Rule
    from deid.profile.lookup.scope import Scope

_MAX_REMEMBERED = 1 << 16
ANYTHING = Matcher()
"""What the rule on unlisted attributes asks: nothing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule and what it asks of an attribute."""

    matcher: Matcher
    rule: Rule

    @property
    def broad(self) -> bool:
        """Whether it names no tag: such a rule speaks of private attributes only where the profile keeps them."""
        return self.matcher.pattern is None


@dataclass(frozen=True, slots=True)
class Specials:
    """The rules of a profile that ask for more than the tag, and what was found out about single tags."""

    candidates: tuple[Candidate, ...] = ()
    _exact: frozenset[int] = field(init=False, repr=False, compare=False, default=frozenset())
    _others: tuple[Candidate, ...] = field(init=False, repr=False, compare=False, default=())
    remembered: dict[tuple[int, str | None], tuple[Candidate, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """Candidates by tag and normalised creator."""

    def __post_init__(self) -> None:
        patterns = [one.matcher.pattern for one in self.candidates]
        exact = frozenset(pattern.value for pattern in patterns if pattern is not None and pattern.exact)
        others = tuple(one for one in self.candidates if one.matcher.pattern is None or not one.matcher.pattern.exact)
        object.__setattr__(self, "_exact", exact)
        object.__setattr__(self, "_others", others)

    def concern(self, tag: int) -> bool:
        """Whether one of them may be for the tag."""
        return tag in self._exact or bool(self._others)

    def covering(self, tag: int, creator: str | None) -> list[Candidate]:
        """Those for the tag, in a block of this normalised creator."""
        among = self.candidates if tag in self._exact else self._others
        return [one for one in among if one.matcher.covers(tag, creator)]

    def remember(self, tag: int, creator: str | None, candidates: tuple[Candidate, ...]) -> None:
        """Keep the candidates of a tag; hostile files, which have ever new ones, don't fill the memory."""
        if len(self.remembered) >= _MAX_REMEMBERED:
            self.remembered.clear()
        self.remembered[tag, creator] = candidates


@lru_cache(maxsize=4096)
def pattern_matcher(pattern: TagPattern) -> Matcher:
    """The matcher that asks for the tag alone."""
    return Matcher(pattern)


def ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates in the order in which they decide: the most specific first, then by layer and line."""

    def rank(one: Candidate) -> tuple[object, ...]:
        return one.matcher.specificity, one.rule.layer, one.rule.line, one.rule.id

    return tuple(sorted(candidates, key=rank, reverse=True))


def matching(candidates: Sequence[Candidate], tag: int, vr: str | None, scope: Scope | None) -> tuple[Candidate, ...]:
    """Of an attribute's candidates those that hold where it stands, the one that decides first.

    Raises:
        InstanceError: MALFORMED, if a condition asks for a value that can't be read.
    """
    found = [one for one in candidates if one.matcher.holds(vr, scope)]
    if is_private(tag):
        firm = _unmasked([one for one in found if not one.broad])
        if firm[0].matcher.pattern == ALL_PRIVATE and firm[0].rule.code == "X":
            return firm
    return _unmasked(found)


def _unmasked(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Without those of layers that an `override: yes` of a later layer shuts out."""
    lowest = max((one.rule.layer for one in candidates if one.matcher.override), default=0)
    return tuple(one for one in candidates if one.rule.layer >= lowest)
