"""Which attributes a rule is for, and which of two rules says more.

A more specific rule wins. Compared are, in this order: how many digits of the tag the rule fixes (a keyword, a tag or a
private element: all; a group: four; a VR or `*`: none), the sequences its path names, whether it names VRs, and
how many conditions it has. Between equals the later layer wins, and within a file the rule further down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.attributes.attribute import is_private
from deid.plan import tag_text
from deid.profile.lookup.structure import PASSED_OVER

if TYPE_CHECKING:
    from deid.profile.lookup.conditions import Condition
    from deid.profile.lookup.paths import SequencePath
    from deid.profile.lookup.scope import Scope
    from deid.profile.lookup.tags import TagPattern

Specificity = tuple[int, tuple[int, int], bool, int]
_LEAST_DIGITS = -1


@dataclass(frozen=True, slots=True)
class Matcher:
    """What a rule asks of an attribute.

    Attributes:
        pattern: Its tag; None for any.
        vrs: Its VR; empty for any.
        path: The sequences around it; None for any place.
        conditions: What must hold of other attributes; all of them.
        override: Whether earlier layers, however specific, have no say where this rule matches.
    """

    pattern: TagPattern | None = None
    vrs: frozenset[str] = frozenset()
    path: SequencePath | None = None
    conditions: tuple[Condition, ...] = ()
    override: bool = False

    @property
    def simple(self) -> bool:
        """Whether the tag alone (with its private creator) decides if it matches."""
        return self.pattern is not None and not (self.vrs or self.path or self.conditions or self.override)

    @property
    def specificity(self) -> Specificity:
        """Larger is more specific."""
        digits = self.pattern.digits if self.pattern is not None else 0
        path = self.path.specificity if self.path is not None else (_LEAST_DIGITS, 0)
        return digits, path, bool(self.vrs), len(self.conditions)

    def covers(self, tag: int, creator: str | None) -> bool:
        """Whether the tag, and for a private one its block's normalised creator, is one of those it is for."""
        if self.pattern is None:
            return tag not in PASSED_OVER
        return self.pattern.matches_private(tag, creator) if is_private(tag) else self.pattern.matches(tag)

    def holds(self, vr: str | None, scope: Scope | None) -> bool:
        """Whether VR, path and conditions fit too.

        Args:
            vr: The attribute's VR, perhaps a choice such as `US or SS`; None where it is not known.
            scope: The data set or item it stands in; None to ask without a file, where no path or condition fits.
        """
        if self.vrs and (vr is None or self.vrs.isdisjoint(vr.split(" or "))):
            return False
        if self.path is None and not self.conditions:
            return True
        if scope is None or (self.path is not None and not scope.inside(self.path)):
            return False
        return all(scope.meets(condition) for condition in self.conditions)

    @property
    def short(self) -> str:
        """Its attributes without the conditions."""
        attribute = _attribute(self.pattern)
        if self.path is not None:
            attribute = f"{self.path} > {attribute}" if self.path.levels else f"> {attribute}"
        elif self.pattern is None:
            attribute = ""
        vrs = f"VR {','.join(sorted(self.vrs))}" if self.vrs else ""
        return " ".join(filter(None, (attribute, vrs)))

    def __str__(self) -> str:
        return " when ".join(filter(None, (self.short, " and ".join(map(str, self.conditions)))))


def _attribute(pattern: TagPattern | None) -> str:
    """How a rule's id names its attributes."""
    if pattern is None:
        return "*"
    if pattern.all_private:
        return "private"
    return tag_text(pattern.value) if pattern.exact else " ".join(filter(None, (str(pattern), pattern.creator)))
