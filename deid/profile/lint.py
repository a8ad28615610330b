"""Checking a profile file: every error at once, and warnings about rules that do nothing, or less than they seem to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydicom._dicom_dict import DicomDictionary
from pydicom.datadict import keyword_for_tag

from deid.errors import ProfileError
from deid.plan import tag_text
from deid.profile.lookup.candidates import ANYTHING, matching
from deid.profile.lookup.reserved import decided_by_deid
from deid.profile.lookup.tags import LOWEST_PRIVATE_ELEMENT
from deid.profile.reading.compiling import ProfileLayer, compile_layers
from deid.profile.reading.devices import checked_devices, is_device_file, outside_of_picture
from deid.profile.reading.loader import load_layers
from deid.profile.reading.rules import checked_rules
from deid.profile.reading.schema import DeviceFile, ProfileFile
from deid.profile.reading.source import read_source
from deid.profile.reading.text_policy import missing_pipeline, text_problems
from deid.profile.reading.validating import schema_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.profile.lookup.candidates import Candidate
    from deid.profile.lookup.model import Profile, Rule
    from deid.profile.lookup.tags import TagPattern
    from deid.profile.reading.rules import CheckedRule

_DRAWINGS = (0x50003000, 0x60003000)
"""Curve Data and Overlay Data of the first group."""
_ENTERED_BY = frozenset({"K", "D", "U", "C"})
"""Of the codes offered, those under which the items of a sequence are looked at."""


class Severity(StrEnum):
    """How much a problem matters: an error makes the file unusable."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a profile file; the message begins with file and line."""

    severity: Severity
    message: str
    remedy: str


def lint(path: str, options: Sequence[str] = ()) -> tuple[Problem, ...]:
    """What is wrong or doubtful in a profile file, or in one of known devices; nothing in a good one.

    Args:
        path: The file.
        options: Options that will be laid over it; what they say counts for the warnings.

    Raises:
        EnvironmentFault: The built-in profiles are missing from this installation.
    """
    try:
        if is_device_file(path):
            return tuple(_device_problems(path))
        layers = load_layers(path, options)
    except ProfileError as error:
        return tuple(Problem(Severity.ERROR, one.message, one.remedy) for one in _errors(path, error))
    own = [layer for layer in layers if isinstance(layer, ProfileLayer)][-1]
    without = compile_layers([replace(own, rules=()) if layer is own else layer for layer in layers])
    complete = compile_layers(layers)
    if own.file.text is not None and (missing := missing_pipeline(own.file.text, read_source(Path(path)))) is not None:
        return (Problem(Severity.ERROR, missing.message, missing.remedy),)
    return tuple(problem for rule in own.rules for problem in _doubts(rule, without, complete))


def _device_problems(path: str) -> Iterator[Problem]:
    """What is wrong with known devices, and regions that no picture has."""
    source = read_source(Path(path))
    try:
        file = DeviceFile.model_validate(source.content)
    except ValidationError as error:
        yield from (
            Problem(Severity.ERROR, one.message, one.remedy) for one in schema_errors(error, source, DeviceFile)
        )
        return
    for device in checked_devices(file, source):
        if isinstance(device, ProfileError):
            yield Problem(Severity.ERROR, device.message, device.remedy)
        elif outside_of_picture(device) is not None:
            message = f"a region of `{device.name}` lies outside the rows and columns that it asks for"
            remedy = "write [left, top, right, bottom], in pixels from the top left corner"
            yield _warning(f"{device.origin}:{device.line}", message, remedy)


def _errors(path: str, first: ProfileError) -> list[ProfileError]:
    """All errors of the file itself; that which stopped loading may be in another file."""
    found: list[ProfileError] = []
    try:
        source = read_source(Path(path))
        file = ProfileFile.model_validate(source.content)
    except ProfileError:
        return [first]
    except ValidationError as error:
        found = schema_errors(error, source, ProfileFile) if isinstance(source.content, dict) else []
    else:
        found = [rule for rule in checked_rules(file.rules, source) if isinstance(rule, ProfileError)]
        found += text_problems(file.text, source)
        found += [missing] if (missing := missing_pipeline(file.text, source)) is not None else []
    return found if first.message in {error.message for error in found} else [*found, first]


def _doubts(rule: CheckedRule, without: Profile, complete: Profile) -> Iterator[Problem]:
    place = f"{rule.origin}:{rule.line}"
    pattern = rule.matcher.pattern
    reserved = decided_by_deid(pattern.value) if pattern is not None and pattern.exact else None
    if reserved is not None:
        yield _warning(place, f"no rule is asked about {rule.label}: {reserved}", "remove the rule")
        return
    deciding = [complete.rule_for(tag, vr="OW") for tag in _DRAWINGS]
    if any(one.code == "K" and (one.origin, one.line) == (rule.origin, rule.line) for one in deciding):
        message = "nobody looks at what is drawn in overlays and curves, such as a name; the files will say so"
        yield _warning(place, message, "keep them only where you know what your devices draw")
    yield from _unreached(rule, complete, place)
    if rule.matcher.simple and pattern is not None and (pattern.exact or pattern.creator):
        yield from _needless(rule, pattern, without, place)
    elif pattern is None or not (pattern.exact or pattern.creator or pattern.all_private):
        yield from _hidden(rule, complete, place)


def _warning(place: str, message: str, remedy: str) -> Problem:
    return Problem(Severity.WARNING, f"{place}: {message}", remedy)


def _needless(rule: CheckedRule, pattern: TagPattern, without: Profile, place: str) -> Iterator[Problem]:
    """A rule that says what would hold anyway."""
    tag = pattern.value | LOWEST_PRIVATE_ELEMENT if pattern.creator else pattern.value
    other = without.rule_for(tag, private_creator=pattern.creator or None)
    if (other.code, other.value, other.value_map) == (rule.code, rule.value, rule.value_map):
        yield _warning(place, f"the rule changes nothing: `{other.id}` says the same", "remove the rule")


def _unreached(rule: CheckedRule, complete: Profile, place: str) -> Iterator[Problem]:
    """A path into a sequence that goes as a whole."""
    for tag in rule.matcher.path.sequences if rule.matcher.path is not None else ():
        candidates = matching(complete.candidates(tag), tag, "SQ", None)
        uncertain = [one for one in complete.candidates(tag) if one.matcher.path or one.matcher.conditions]
        rules = [candidates[0].rule, *(one.rule for one in uncertain)]
        if not any(_ENTERED_BY & {code.rstrip("*") for code in one.code.split("/")} for one in rules):
            name = keyword_for_tag(tag) or tag_text(tag)
            message = f"the rule can never match: `{rules[0].id}` ({rules[0].code}) takes {name} away with its items"
            yield _warning(place, message, f"add a rule that keeps it: {{keyword: {name}, action: keep}}")


def _hidden(rule: CheckedRule, complete: Profile, place: str) -> Iterator[Problem]:
    """A rule for many attributes, of which some or all have a rule that says more."""
    covered = _covered(rule)
    hidden = {tag: before for tag, vr in covered if (before := _before(rule, complete.candidates(tag), tag, vr))}
    # A rule beside it, in the same file, is no surprise.
    elsewhere = [tag for tag, before in hidden.items() if before.origin != rule.origin]
    remedy = "`override: yes` lets this rule decide, except where this file names the attribute"
    if rule.matcher.override:
        remedy = "if that is not meant, change the other rules"
    if covered and len(hidden) == len(covered):
        message = f"the rule can never match: each of its {len(covered)} attributes has a more specific rule"
        yield _warning(place, message, remedy)
    elif elsewhere:
        number = f"of its {len(covered)} attributes {len(elsewhere)}"
        message = f"{number} have a more specific rule in another file, such as {_names(elsewhere)}"
        yield Problem(Severity.NOTE, f"{place}: {message}", remedy)


def _covered(rule: CheckedRule) -> list[tuple[int, str]]:
    """The attributes of PS3.6 that it may be for, with their VRs."""
    entries = ((tag, str(entry[0])) for tag, entry in DicomDictionary.items())
    return [
        (tag, vr)
        for tag, vr in entries
        if rule.matcher.covers(tag, None) and decided_by_deid(tag) is None
        if not rule.matcher.vrs or not rule.matcher.vrs.isdisjoint(vr.split(" or "))
    ]


def _before(rule: CheckedRule, candidates: Sequence[Candidate], tag: int, vr: str) -> Rule | None:
    """The rule without path and condition that comes before it; None if there is none."""
    winner = matching(candidates, tag, vr, None)[0]
    if winner.matcher in {rule.matcher, ANYTHING}:
        return None
    order = [one.matcher for one in candidates]
    shut_out = winner.matcher.override and winner.rule.layer > _layer(rule, candidates)
    return winner.rule if shut_out or order.index(winner.matcher) < order.index(rule.matcher) else None


def _layer(rule: CheckedRule, candidates: Sequence[Candidate]) -> int:
    return next((one.rule.layer for one in candidates if one.matcher == rule.matcher), 0)


def _names(tags: list[int]) -> str:
    return " and ".join(keyword_for_tag(tag) or tag_text(tag) for tag in tags[:2])
