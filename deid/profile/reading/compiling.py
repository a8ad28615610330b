"""Merging the layers of a profile and compiling them to a look-up.

How layers meet on one attribute:

* A profile's own rule replaces whatever an earlier layer said: who writes it means it.
* An option's rule replaces a profile's rule (PS3.15 E.1: the option's column overrides the Basic Profile's), also where
  that means keeping what the profile removes: retention is what the option is for.
* Of two options, C wins over K. PS3.15 E.3 lets options be combined but ranks none; C keeps the attribute's meaning,
  which is what the retaining option wants, and takes out what the cleaning one wants gone, whereas K would fail the
  latter. In Table E.1-1, 2026d, no two shipped options differ so; modified dates against full or device dates would.

This is about rules for the same attributes under the same conditions. Of rules that merely overlap the more specific
one wins (see `matching`), unless a later one says `override: yes`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from deid.profile.lookup.candidates import Candidate, Specials, pattern_matcher, ranked
from deid.profile.lookup.followed import followed_rules
from deid.profile.lookup.model import OptionInfo, PrivateElement, Profile, Rule, SubjectBy, TextPolicy
from deid.profile.lookup.pixel_policy import Device, PixelPolicy
from deid.profile.lookup.private_rules import any_creator, table_rules
from deid.profile.lookup.structure import STRUCTURAL_TAGS
from deid.profile.lookup.tags import ALL_PRIVATE, TagPattern
from deid.profile.reading.text_policy import extended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.profile.lookup.matching import Matcher
    from deid.profile.reading.rules import CheckedRule
    from deid.profile.reading.schema import ProfileFile

_UNLISTED_CODES = {"keep": "K", "remove": "X"}


@dataclass(frozen=True)
class ProfileLayer:
    """The file of one profile, its rules checked."""

    name: str
    file: ProfileFile
    rules: tuple[CheckedRule, ...]
    origin: str
    """Where a rule without a reason of its own comes from, for the audit: `Basic …`, `profile NAME`."""
    folder: Path = field(default=Path(), compare=False)
    """Where the file is: relative paths in it begin there."""
    devices: tuple[Device, ...] = ()
    """The known devices that its `devices:` names."""


@dataclass(frozen=True)
class DeviceLayer:
    """Known devices that a run names, besides those of its profile."""

    devices: tuple[Device, ...]


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
    text: TextPolicy = field(default_factory=TextPolicy)
    subject_by: SubjectBy = "issuer-and-patient-id"
    method_code: str = ""
    code_meaning: str = ""
    options: dict[str, OptionInfo] = field(default_factory=dict)
    rules: dict[Matcher, Rule] = field(default_factory=dict)
    option_rules: dict[Matcher, str] = field(default_factory=dict)
    any_creator: Rule | None = None
    layer: int = 0
    layer_of_options: bool = False

    def add_profile(self, layer: ProfileLayer) -> None:
        """Put a profile's file on top."""
        file = layer.file
        self.name = layer.name
        self.layer, self.layer_of_options = self.layer + 1, False
        if file.unlisted is not None:
            self.unlisted, self.unlisted_by = file.unlisted, layer.name
        if file.pixels is not None:
            self.pixels = replace(self.pixels, **file.pixels.model_dump(exclude_unset=True))
        self.add_devices(layer.devices)
        if file.text is not None:
            self.text = extended(self.text, file.text, layer.folder)
        self.subject_by = file.subject or self.subject_by
        self.method_code = file.method_code or self.method_code
        self.code_meaning = file.code_meaning or self.code_meaning
        if file.private_table is not None:
            self._add_private_table(layer.name)
        for rule in layer.rules:
            self.rules[rule.matcher] = self._named(rule, layer.name, layer.origin)
            self.option_rules.pop(rule.matcher, None)

    def add_devices(self, devices: Sequence[Device]) -> None:
        """Know these devices, too."""
        new = tuple(device for device in devices if device not in self.pixels.devices)
        self.pixels = replace(self.pixels, devices=self.pixels.devices + new)

    def _add_private_table(self, name: str) -> None:
        rules = table_rules(name, self.layer)
        self.rules.update(rules)
        for matcher in rules:
            self.option_rules.pop(matcher, None)
        self.any_creator = any_creator(name)

    def add_option(self, layer: OptionLayer) -> None:
        """Put an option on top. Options that stand together are one layer: their order does not matter."""
        name = layer.info.name
        if not self.layer_of_options:
            self.layer, self.layer_of_options = self.layer + 1, True
        self.options[name] = layer.info
        for rule in layer.rules:
            earlier = self.option_rules.get(rule.matcher)
            if earlier is not None and not _wins(rule.code, name, self.rules[rule.matcher].code, earlier):
                continue
            self.rules[rule.matcher] = self._named(rule, name, layer.info.title)
            self.option_rules[rule.matcher] = name

    def _named(self, rule: CheckedRule, name: str, origin: str) -> Rule:
        return Rule(
            f"{name} {rule.matcher}",
            rule.code,
            rule.value,
            rule.reason or origin,
            rule.label,
            rule.value_map,
            self.layer,
            rule.origin,
            rule.line,
        )


def compile_layers(layers: Sequence[ProfileLayer | OptionLayer | DeviceLayer]) -> Profile:
    """One look-up from the layers, the most basic first."""
    merged = _Merged()
    for layer in layers:
        match layer:
            case ProfileLayer():
                merged.add_profile(layer)
            case OptionLayer():
                merged.add_option(layer)
            case DeviceLayer():
                merged.add_devices(layer.devices)
    rules = {matcher.pattern: rule for matcher, rule in merged.rules.items() if matcher.simple and matcher.pattern}
    special = ranked(Candidate(matcher, rule) for matcher, rule in merged.rules.items() if not matcher.simple)
    exact = {pattern.value: rule for pattern, rule in rules.items() if pattern.exact}
    elements = {_element(pattern): rule for pattern, rule in rules.items() if pattern.creator}
    return Profile(
        name=merged.name,
        digest=_digest(merged),
        options=tuple(merged.options[name] for name in sorted(merged.options)),
        pixels=merged.pixels,
        text=merged.text,
        subject_by=merged.subject_by,
        method_code=merged.method_code,
        code_meaning=merged.code_meaning,
        exact=_implied(merged, exact) | exact,
        patterns=_by_specificity(rules),
        private_elements=elements,
        private_groups={pattern.odd_group: rule for pattern, rule in rules.items() if pattern.odd_group is not None},
        creators=_creators(elements, special, merged.name),
        any_creator=merged.any_creator,
        private=rules.get(ALL_PRIVATE) or Rule(f"{merged.name} private", "X", None, "private attributes are removed"),
        unlisted=_unlisted(merged),
        special=Specials(special),
    )


def _wins(code: str, name: str, earlier_code: str, earlier_name: str) -> bool:
    """Whether an option's rule replaces another's. The name decides between equals, so that order does not matter."""
    rank = {"K": 1, "C": 0}
    return (rank.get(code, 2), name) < (rank.get(earlier_code, 2), earlier_name)


def _by_specificity(rules: dict[TagPattern, Rule]) -> tuple[tuple[TagPattern, Rule], ...]:
    candidates = ranked(Candidate(pattern_matcher(pattern), rule) for pattern, rule in rules.items())
    patterns = [(one.matcher.pattern, one.rule) for one in candidates]
    return tuple((pattern, rule) for pattern, rule in patterns if pattern is not None and _repeating(pattern))


def _repeating(pattern: TagPattern) -> bool:
    """Whether it is a pattern of public tags, such as (50xx,xxxx)."""
    return not (pattern.exact or pattern.all_private or pattern.creator or pattern.odd_group is not None)


def _element(pattern: TagPattern) -> PrivateElement:
    return PrivateElement(pattern.value >> 16, pattern.value & 0xFF, pattern.creator)


def _creators(
    elements: dict[PrivateElement, Rule], special: Sequence[Candidate], name: str
) -> dict[tuple[int, str], Rule]:
    patterns = [(one.matcher.pattern, one.rule) for one in special]
    named = [(_element(pattern), rule) for pattern, rule in patterns if pattern is not None and pattern.creator]
    reason = "a rule keeps an element of its block"
    return {
        (element.group, element.creator): Rule(f"{name} private creator", "K", None, reason)
        for element, rule in (*elements.items(), *named)
        if rule.code != "X"
    }


def _implied(merged: _Merged, exact: dict[int, Rule]) -> dict[int, Rule]:
    """Rules that no file writes down."""
    if merged.unlisted == "keep":
        return followed_rules(exact)
    rule = Rule(f"{merged.unlisted_by} structure", "K", None, "the instance can't be read without it")
    return dict.fromkeys(STRUCTURAL_TAGS, rule)


def _unlisted(merged: _Merged) -> Rule:
    reason = "no rule names it: unlisted attributes are " + ("kept" if merged.unlisted == "keep" else "removed")
    return Rule(f"{merged.unlisted_by} unlisted", _UNLISTED_CODES[merged.unlisted], None, reason)


def _digest(merged: _Merged) -> str:
    simple = [[str(matcher), _does(rule)] for matcher, rule in merged.rules.items() if matcher.simple]
    special = ranked(Candidate(matcher, rule) for matcher, rule in merged.rules.items() if not matcher.simple)
    content = {
        "unlisted": merged.unlisted,
        "pixels": merged.pixels.fields(),
        "devices": sorted(device.fields() for device in merged.pixels.devices),
        "text": asdict(merged.text) | {"nlp": Path(merged.text.nlp).name},
        "subject": merged.subject_by,
        "method": [merged.method_code, merged.code_meaning],
        "creators": merged.any_creator is not None,
        "options": sorted([info.method_code, info.code_meaning, info.repairs] for info in merged.options.values()),
        "rules": sorted(simple),
        # Their order says which of two overlapping ones wins.
        "special": [[str(one.matcher), one.matcher.override, _does(one.rule)] for one in special],
    }
    if any(one.matcher.override for one in special):
        content["layers"] = sorted([str(matcher), rule.layer] for matcher, rule in merged.rules.items())
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _does(rule: Rule) -> list[str]:
    return [rule.code, rule.value or "", rule.value_map.digest if rule.value_map is not None else ""]
