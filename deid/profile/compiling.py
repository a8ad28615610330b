"""Merging the layers of a profile and compiling them to a look-up.

How layers meet on one attribute:

* A profile's own rule replaces whatever an earlier layer said: who writes it means it.
* An option's rule replaces a profile's rule (PS3.15 E.1: the option's column overrides the Basic Profile's), also where
  that means keeping what the profile removes: retention is what the option is for.
* Of two options, C wins over K. PS3.15 E.3 lets options be combined but ranks none; C keeps the attribute's meaning,
  which is what the retaining option wants, and takes out what the cleaning one wants gone, whereas K would fail the
  latter. In Table E.1-1, 2026d, no two shipped options differ so; modified dates against full or device dates would.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deid.profile.model import OptionInfo, PixelPolicy, PrivateElement, Profile, Rule
from deid.profile.rules import CheckedRule, rule_place
from deid.profile.structure import STRUCTURAL_TAGS
from deid.profile.tags import ALL_PRIVATE, TagPattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deid.profile.schema import ProfileFile

_UNLISTED_CODES = {"keep": "K", "remove": "X"}


@dataclass(frozen=True)
class ProfileLayer:
    """The file of one profile, its rules checked."""

    name: str
    file: ProfileFile
    rules: tuple[CheckedRule, ...]
    origin: str
    """Where a rule without a reason of its own comes from, for the audit: `Basic …`, `profile NAME`."""


@dataclass(frozen=True)
class OptionLayer:
    """One option, its rules checked."""

    info: OptionInfo
    rules: tuple[CheckedRule, ...]


@dataclass
class _Merged:
    """What the layers so far come to. `option_rules` holds the option that each option's rule is from."""

    name: str = ""
    unlisted: str = "keep"
    unlisted_by: str = ""
    pixels: PixelPolicy = field(default_factory=PixelPolicy)
    method_code: str = ""
    code_meaning: str = ""
    options: dict[str, OptionInfo] = field(default_factory=dict)
    rules: dict[TagPattern, Rule] = field(default_factory=dict)
    option_rules: dict[TagPattern, str] = field(default_factory=dict)

    def add_profile(self, layer: ProfileLayer) -> None:
        """Puts a profile's file on top."""
        file = layer.file
        self.name = layer.name
        if file.unlisted is not None:
            self.unlisted, self.unlisted_by = file.unlisted, layer.name
        if file.pixels is not None:
            self.pixels = PixelPolicy(file.pixels.mode)
        self.method_code = file.method_code or self.method_code
        self.code_meaning = file.code_meaning or self.code_meaning
        for rule in layer.rules:
            self.rules[rule.pattern] = _named(rule, layer.name, layer.origin)
            self.option_rules.pop(rule.pattern, None)

    def add_option(self, layer: OptionLayer) -> None:
        """Puts an option on top."""
        name = layer.info.name
        self.options[name] = layer.info
        for rule in layer.rules:
            earlier = self.option_rules.get(rule.pattern)
            if earlier is not None and not _wins(rule.code, name, self.rules[rule.pattern].code, earlier):
                continue
            self.rules[rule.pattern] = _named(rule, name, layer.info.title)
            self.option_rules[rule.pattern] = name


def compile_layers(layers: Sequence[ProfileLayer | OptionLayer]) -> Profile:
    """One look-up from the layers, the most basic first."""
    merged = _Merged()
    for layer in layers:
        if isinstance(layer, ProfileLayer):
            merged.add_profile(layer)
        else:
            merged.add_option(layer)
    rules = merged.rules
    elements = {
        PrivateElement(pattern.value >> 16, pattern.value & 0xFF, pattern.creator): rule
        for pattern, rule in rules.items()
        if pattern.creator
    }
    return Profile(
        name=merged.name,
        digest=_digest(merged),
        options=tuple(merged.options[name] for name in sorted(merged.options)),
        pixels=merged.pixels,
        method_code=merged.method_code,
        code_meaning=merged.code_meaning,
        exact=_structural(merged) | {pattern.value: rule for pattern, rule in rules.items() if pattern.exact},
        patterns=_by_specificity(rules),
        private_elements=elements,
        creators=_creators(elements, merged.name),
        private=rules.get(ALL_PRIVATE) or Rule(f"{merged.name} private", "X", None, "private attributes are removed"),
        unlisted=_unlisted(merged),
    )


def _named(rule: CheckedRule, name: str, origin: str) -> Rule:
    return Rule(f"{name} {rule_place(rule.pattern)}", rule.code, rule.value, rule.reason or origin, rule.label)


def _wins(code: str, name: str, earlier_code: str, earlier_name: str) -> bool:
    """Whether an option's rule replaces another's. The name decides between equals, so that order does not matter."""
    rank = {"K": 1, "C": 0}
    return (rank.get(code, 2), name) < (rank.get(earlier_code, 2), earlier_name)


def _by_specificity(rules: dict[TagPattern, Rule]) -> tuple[tuple[TagPattern, Rule], ...]:
    patterns = [pattern for pattern in rules if not (pattern.exact or pattern.all_private or pattern.creator)]
    patterns.sort(key=lambda pattern: (-pattern.mask.bit_count(), pattern))
    return tuple((pattern, rules[pattern]) for pattern in patterns)


def _creators(elements: dict[PrivateElement, Rule], name: str) -> dict[tuple[int, str], Rule]:
    reason = "a rule keeps an element of its block"
    return {
        (element.group, element.creator): Rule(f"{name} private creator", "K", None, reason)
        for element, rule in elements.items()
        if rule.code != "X"
    }


def _structural(merged: _Merged) -> dict[int, Rule]:
    if merged.unlisted == "keep":
        return {}
    rule = Rule(f"{merged.unlisted_by} structure", "K", None, "the instance can't be read without it")
    return dict.fromkeys(STRUCTURAL_TAGS, rule)


def _unlisted(merged: _Merged) -> Rule:
    reason = "no rule names it: unlisted attributes are " + ("kept" if merged.unlisted == "keep" else "removed")
    return Rule(f"{merged.unlisted_by} unlisted", _UNLISTED_CODES[merged.unlisted], None, reason)


def _digest(merged: _Merged) -> str:
    content = {
        "unlisted": merged.unlisted,
        "pixels": merged.pixels.mode,
        "method": [merged.method_code, merged.code_meaning],
        "options": sorted([info.method_code, info.code_meaning] for info in merged.options.values()),
        "rules": sorted(_canonical(merged.rules.items())),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _canonical(rules: Iterable[tuple[TagPattern, Rule]]) -> Iterable[tuple[str, str, str, str]]:
    return ((str(pattern), pattern.creator, rule.code, rule.value or "") for pattern, rule in rules)
