"""The `text:` section of a profile: checking its lists, and laying one profile's over another's."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from deid.profile.lookup.conditions import OPEN_BRACKET_REMEDY, has_open_bracket
from deid.profile.lookup.model import TextPolicy

if TYPE_CHECKING:
    from deid.errors import ProfileError
    from deid.profile.reading.schema import TextEntry
    from deid.profile.reading.source import Source

_OURS = ("own", "off")
_LISTS = ("keep", "remove")
_WILDCARD = re.compile(r"\[!?[^\]]*\]|[*?]")
_FEWEST_LETTERS = 2


def extended(policy: TextPolicy, entry: TextEntry, folder: Path) -> TextPolicy:
    """The policy with what a profile file in `folder` says on top: lists grow, what else is given replaces."""
    header, pixels = entry.header_threshold, entry.pixel_threshold
    return TextPolicy(
        nlp=_pipeline(entry.nlp, folder) if entry.nlp else policy.nlp,
        keep=tuple(sorted({*policy.keep, *entry.keep})),
        remove=tuple(sorted({*policy.remove, *entry.remove})),
        header_threshold=policy.header_threshold if header is None else header,
        pixel_threshold=policy.pixel_threshold if pixels is None else pixels,
    )


def _pipeline(name: str, folder: Path) -> str:
    """The name of a spaCy pipeline, or the path of one: it has a slash, and may begin beside the profile."""
    return str(folder.resolve() / name) if "/" in name or "\\" in name else name


def missing_pipeline(entry: TextEntry | None, source: Source) -> ProfileError | None:
    """That the spaCy pipeline which a profile file names is not installed here; None if it is, or the file names none.

    Loading a profile does not ask: it may be loaded where no text is judged.
    """
    if entry is None or entry.nlp is None or entry.nlp in _OURS:
        return None
    name = _pipeline(entry.nlp, Path(source.origin).parent)
    if Path(name).is_dir() or _is_installed(name):
        return None
    remedy = "install it as its makers say (deid downloads nothing), or correct `nlp:`"
    return source.error(("text", "nlp"), f"the spaCy pipeline `{entry.nlp}` is not installed", remedy)


def _is_installed(package: str) -> bool:
    try:
        distribution(package)
    except (PackageNotFoundError, ValueError):
        return False
    return True


def text_problems(entry: TextEntry | None, source: Source) -> list[ProfileError]:
    """What is wrong with the lists: an entry that fits nearly every word, or stands in both."""
    if entry is None:
        return []
    problems = []
    for name in _LISTS:
        for index, phrase in enumerate(getattr(entry, name)):
            place = ("text", name, index)
            if has_open_bracket(phrase):
                problems.append(source.error(place, f"`{phrase}` has an unclosed `[`", OPEN_BRACKET_REMEDY))
            if sum(map(str.isalnum, _WILDCARD.sub("", phrase))) < _FEWEST_LETTERS:
                message = f"`{phrase}` has fewer than two letters or digits of its own"
                problems.append(source.error(place, message, "name the words that are meant"))
            elif name == "remove" and phrase.casefold() in map(str.casefold, entry.keep):
                message = f"`{phrase}` stands in `keep:`, too"
                problems.append(source.error(place, message, "keep one of the two"))
    return problems
