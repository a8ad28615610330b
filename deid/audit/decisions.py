"""How the audit log tells of decisions: those that agree in all but the attribute stand together, with its paths.

A scanner writes hundreds of private elements, and an enhanced instance the same attributes in a thousand items; naming
rule and reason with each would make the log larger than the header.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Self, assert_never

from pydicom.datadict import keyword_for_tag

from deid.plan import Empty, Keep, Remove, Replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deid.plan import Change, Decision

KEPT = "kept"


class Ruling(NamedTuple):
    """What decisions may have in common; the names are those of the fields in the log."""

    rule: str
    code: str
    action: str
    change: str
    reason: str

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """The ruling of a decision."""
        return cls(decision.rule, decision.code, decision.action, change_word(decision.change), decision.reason)


@dataclass(slots=True)
class Ruled:
    """The attributes that got the same ruling: path patterns, each with its keyword and value digest, or empty."""

    attributes: dict[str, tuple[str, str]] = field(default_factory=dict)
    count: int = 0
    """How many decisions they are, with all items of sequences."""

    def fields(self, ruling: Ruling) -> dict[str, Any]:
        """The entry of the log; keywords and digests are left out where there are none."""
        lists = {"paths": list(self.attributes)}
        for name, values in zip(("keywords", "digests"), zip(*self.attributes.values(), strict=True), strict=True):
            if any(values):
                lists[name] = list(values)
        return {**ruling._asdict(), **lists, "count": self.count}


def changed(decisions: Iterable[Decision], digests: Mapping[str, str]) -> dict[Ruling, Ruled]:
    """The decisions that change something, by ruling.

    Args:
        decisions: Decisions, kept attributes among them.
        digests: Keyed digests of original values, by path pattern.
    """
    groups: dict[Ruling, Ruled] = {}
    for decision in decisions:
        if not isinstance(decision.change, Keep):
            ruled = groups.setdefault(Ruling.of(decision), Ruled())
            pattern = decision.path.pattern
            ruled.attributes[pattern] = keyword_for_tag(decision.path.tag), digests.get(pattern, "")
            ruled.count += 1
    return groups


def joined(groups: Iterable[Ruled]) -> Ruled:
    """The attributes of several groups of one ruling together; no path is in two of them."""
    whole = Ruled()
    for group in groups:
        whole.attributes |= group.attributes
        whole.count += group.count
    return whole


def kept(decisions: Iterable[Decision]) -> dict[str, Ruled]:
    """The decisions that keep an attribute, by rule."""
    groups: dict[str, Ruled] = {}
    for decision in decisions:
        if isinstance(decision.change, Keep):
            ruled = groups.setdefault(decision.rule, Ruled())
            ruled.attributes[decision.path.pattern] = "", ""
            ruled.count += 1
    return groups


def kept_fields(rule: str, ruled: Ruled) -> dict[str, Any]:
    """The entry of the log on what one rule keeps."""
    return {"rule": rule, "change": KEPT, "paths": sorted(ruled.attributes), "count": ruled.count}


def decision_groups(decisions: Iterable[Decision], digests: Mapping[str, str]) -> list[dict[str, Any]]:
    """The entries of the log on all decisions of an instance; arguments as for `changed`."""
    decisions = tuple(decisions)
    entries = [ruled.fields(ruling) for ruling, ruled in changed(decisions, digests).items()]
    return entries + [kept_fields(rule, ruled) for rule, ruled in kept(decisions).items()]


def change_word(change: Change) -> str:
    """What becomes of an attribute, in a word."""
    match change:
        case Keep():
            return KEPT
        case Remove():
            return "removed"
        case Empty():
            return "emptied"
        case Replace():
            return "replaced"
        case _:
            assert_never(change)
