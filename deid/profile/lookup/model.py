"""A compiled profile: for every attribute, the one rule that decides on it.

Most rules need no more than the tag: they are looked up in tables. Only where a rule could concern the tag that also
asks for a VR, a path or a condition are the candidates gone through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from deid.attributes.attribute import is_private
from deid.profile.lookup.candidates import ANYTHING, Candidate, Specials, matching, pattern_matcher, ranked
from deid.profile.lookup.tags import ALL_PRIVATE, LOWEST_PRIVATE_ELEMENT, TagPattern, normalised_creator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deid.profile.lookup.pixel_policy import PixelPolicy
    from deid.profile.lookup.scope import Scope
    from deid.profile.lookup.value_map import ValueMap

SubjectBy = Literal["issuer-and-patient-id", "patient-id"]
"""What makes two instances the same patient's."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a profile says about an attribute.

    Attributes:
        id: Names profile or option and the pattern: `basic (0010,0010)`, `basic private`, `retain-uids (0008,0018)`.
        code: The action code as the profile states it, such as `X/Z/D` (PS3.15 E.1).
        value: Template of what D, Z or replace puts in, such as `{pseudonym}`; None for a dummy made from the key.
        reason: One clause for a human reader.
        name: What the rule calls the attribute it is for; empty for the rules on private and unlisted ones.
        value_map: The table of a map rule.
        layer: Where its file stands among those of the profile, from 1; a later one wins between equals.
        origin: The file it is written in; empty for rules that no file has.
        line: Its line there.
    """

    id: str
    code: str
    value: str | None
    reason: str
    name: str = ""
    value_map: ValueMap | None = None
    layer: int = field(default=0, compare=False)
    origin: str = field(default="", compare=False, repr=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ProfileInfo:
    """A profile that ships with deid."""

    name: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class OptionInfo:
    """An option: one of PS3.15's with its code in CID 7050, or one of deid's own without."""

    name: str
    title: str
    description: str
    method_code: str
    code_meaning: str
    repairs: bool = False
    """Whether it adds attributes that the IOD demands and the instance lacks."""


@dataclass(frozen=True, slots=True)
class TextPolicy:
    """How texts are judged, in the header and in pixels.

    Attributes:
        nlp: The NER model: `own` (the one that ships with deid), `off`, or the name or path of a spaCy pipeline.
        keep: Words and phrases that identify nobody, unless they are a known value; `*`, `?` and `[…]` inside a word.
        remove: Words and phrases that always go; stronger than `keep`.
        header_threshold: What evidence must score at least to be cut out of a header text, from 0 to 1.
        pixel_threshold: The same for what is hidden in a line of pixels.
    """

    nlp: str = "own"
    keep: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    header_threshold: float = 0.5
    pixel_threshold: float = 0.4


@dataclass(frozen=True, slots=True)
class PrivateElement:
    """One private element: its group, the low byte of its element number and its normalised creator."""

    group: int
    low_byte: int
    creator: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile with its options, merged and compiled. Made by `load_profile`; picklable; not to be changed.

    Attributes:
        name: The built-in's name, or the `name:` or file name of a user's profile.
        digest: SHA-256 (hex) over what the profile does: codes, values, defaults, options, pixel and text policy.
            Two profiles that do the same have the same digest, however they are written.
        options: The options in force, by name.
        pixels: The pixel policy.
        text: How texts are judged.
        subject_by: What makes two instances the same patient's.
        method_code: Its code in CID 7050, for (0012,0064).
        code_meaning: The meaning of that code.
    """

    name: str
    digest: str
    options: tuple[OptionInfo, ...]
    pixels: PixelPolicy
    text: TextPolicy
    method_code: str
    code_meaning: str
    exact: Mapping[int, Rule] = field(repr=False, hash=False)
    patterns: tuple[tuple[TagPattern, Rule], ...] = field(repr=False)
    private_elements: Mapping[PrivateElement, Rule] = field(repr=False, hash=False)
    private_groups: Mapping[int, Rule] = field(repr=False, hash=False)
    creators: Mapping[tuple[int, str], Rule] = field(repr=False, hash=False)
    private: Rule = field(repr=False)
    unlisted: Rule = field(repr=False)
    subject_by: SubjectBy = "issuer-and-patient-id"
    special: Specials = field(default_factory=Specials, repr=False, hash=False)
    """The rules that ask for more than the tag."""
    any_creator: Rule | None = field(default=None, repr=False)
    """The rule on Private Creator elements that nothing in their block keeps; None: the rule on private attributes."""

    @property
    def repairs(self) -> bool:
        """Whether attributes that the IOD demands are added."""
        return any(option.repairs for option in self.options)

    def rule_for(
        self, tag: int, *, private_creator: str | None = None, vr: str | None = None, scope: Scope | None = None
    ) -> Rule:
        """The rule that decides on an attribute: of those that match, the most specific (see `matching`).

        Args:
            tag: The attribute's tag.
            private_creator: For a private tag, the creator of its block, and for a Private Creator element itself its
                own value: it stays when a rule keeps something in its block, which would lose its meaning without it.
            vr: Its VR.
            scope: The data set or item it stands in. Without, rules that ask for a path or a condition don't match.

        Raises:
            InstanceError: MALFORMED, if a condition asks for a value that can't be read.
        """
        if self.special.candidates and self.special.concern(tag):
            return matching(self.candidates(tag, private_creator=private_creator), tag, vr, scope)[0].rule
        if is_private(tag):
            return self._private_rule(tag, private_creator)
        rule = self.exact.get(tag)
        if rule is not None:
            return rule
        return next((rule for pattern, rule in self.patterns if pattern.matches(tag)), self.unlisted)

    def candidates(self, tag: int, *, private_creator: str | None = None) -> tuple[Candidate, ...]:
        """All rules for the tag, whatever VR, path or condition they ask for; the most specific first."""
        creator = normalised_creator(private_creator) if private_creator is not None else None
        known = self.special.remembered.get((tag, creator))
        if known is None:
            known = ranked(self._candidates(tag, creator))
            self.special.remember(tag, creator, known)
        return known

    def _candidates(self, tag: int, creator: str | None) -> Iterator[Candidate]:
        special = self.special.covering(tag, creator)
        if is_private(tag):
            creator_element = tag & 0xFFFF < LOWEST_PRIVATE_ELEMENT
            yield from (one for one in special if not (creator_element and one.broad))
            yield from self._private_candidates(tag, creator)
            return
        yield from special
        yield from (
            Candidate(pattern_matcher(pattern), rule) for pattern, rule in self.patterns if pattern.matches(tag)
        )
        if tag in self.exact:
            yield Candidate(pattern_matcher(TagPattern(tag)), self.exact[tag])
        yield Candidate(ANYTHING, self.unlisted)

    def rules(self) -> Iterator[Rule]:
        """All rules: single attributes by tag, then patterns, private elements, those that ask more, and defaults."""
        yield from (rule for _, rule in sorted(self.exact.items()))
        yield from (rule for _, rule in self.patterns)
        yield from self.private_elements.values()
        yield from self.private_groups.values()
        yield from (candidate.rule for candidate in self.special.candidates)
        yield from (self.private, self.unlisted)

    def _private_rule(self, tag: int, creator: str | None) -> Rule:
        group, element = tag >> 16, tag & 0xFFFF
        known = normalised_creator(creator) if creator is not None else None
        named: Rule | None = None
        if known is not None and element < LOWEST_PRIVATE_ELEMENT:
            named = self.creators.get((group, known), self.any_creator)
        elif known is not None:
            named = self.private_elements.get(PrivateElement(group, element & 0xFF, known))
        return named or self.private_groups.get(group, self.private)

    def _private_candidates(self, tag: int, creator: str | None) -> Iterator[Candidate]:
        group, element = tag >> 16, tag & 0xFFFF
        yield Candidate(pattern_matcher(ALL_PRIVATE), self.private)
        if group in self.private_groups:
            yield Candidate(pattern_matcher(TagPattern(group << 16, 0xFFFF0000)), self.private_groups[group])
        if creator is None:
            return
        pattern = TagPattern(group << 16 | element & 0xFF, 0xFFFF00FF, creator)
        named = self.private_elements.get(PrivateElement(group, element & 0xFF, creator))
        if element < LOWEST_PRIVATE_ELEMENT:
            pattern, named = TagPattern(tag), self.creators.get((group, creator), self.any_creator)
        if named is not None:
            yield Candidate(pattern_matcher(pattern), named)
