"""A compiled profile: for every tag, the one rule that decides on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from deid.profile.tags import LOWEST_PRIVATE_ELEMENT, TagPattern, is_private, normalised_creator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PixelMode = Literal["phi", "off"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a profile says about an attribute.

    Attributes:
        id: Names profile or option and the pattern: `basic (0010,0010)`, `basic private`, `retain-uids (0008,0018)`.
        code: The action code as the profile states it, such as `X/Z/D` (PS3.15 E.1).
        value: Template of the dummy that D or Z puts in, such as `{pseudonym}`; None for a dummy made from the key.
        reason: One clause for a human reader.
        name: What the rule calls the attribute it is for; empty for the rules on private and unlisted ones.
    """

    id: str
    code: str
    value: str | None
    reason: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ProfileInfo:
    """A profile that ships with deid."""

    name: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class OptionInfo:
    """An option of PS3.15 and its code in CID 7050."""

    name: str
    title: str
    description: str
    method_code: str
    code_meaning: str


@dataclass(frozen=True, slots=True)
class PixelPolicy:
    """What becomes of text in pixels: `phi` finds and hides what identifies, `off` leaves pixels unread."""

    mode: PixelMode = "phi"


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
        digest: SHA-256 (hex) over what the profile does: codes, values, defaults, options and pixel policy. Two
            profiles that do the same have the same digest, however they are written.
        options: The options in force, by name.
        pixels: The pixel policy.
        method_code: Its code in CID 7050, for (0012,0064).
        code_meaning: The meaning of that code.
    """

    name: str
    digest: str
    options: tuple[OptionInfo, ...]
    pixels: PixelPolicy
    method_code: str
    code_meaning: str
    exact: Mapping[int, Rule] = field(repr=False, hash=False)
    patterns: tuple[tuple[TagPattern, Rule], ...] = field(repr=False)
    private_elements: Mapping[PrivateElement, Rule] = field(repr=False, hash=False)
    creators: Mapping[tuple[int, str], Rule] = field(repr=False, hash=False)
    private: Rule = field(repr=False)
    unlisted: Rule = field(repr=False)

    def rule_for(self, tag: int, *, private_creator: str | None = None) -> Rule:
        """The most specific rule: exact tag, then tag pattern, then private, then unlisted.

        For a private tag, `private_creator` is the creator of its block, and for a Private Creator element itself its
        own value: it stays when a rule keeps something in its block, as without it that would lose its meaning.
        """
        if is_private(tag):
            return self._private_rule(tag, private_creator)
        rule = self.exact.get(tag)
        if rule is not None:
            return rule
        return next((rule for pattern, rule in self.patterns if pattern.matches(tag)), self.unlisted)

    def rules(self) -> Iterator[Rule]:
        """All rules: single attributes by tag, then patterns, private elements, and the two defaults."""
        yield from (rule for _, rule in sorted(self.exact.items()))
        yield from (rule for _, rule in self.patterns)
        yield from self.private_elements.values()
        yield from (self.private, self.unlisted)

    def _private_rule(self, tag: int, creator: str | None) -> Rule:
        if creator is None or not self.private_elements:
            return self.private
        group, element, known = tag >> 16, tag & 0xFFFF, normalised_creator(creator)
        if element < LOWEST_PRIVATE_ELEMENT:
            return self.creators.get((group, known), self.private)
        return self.private_elements.get(PrivateElement(group, element & 0xFF, known), self.private)
