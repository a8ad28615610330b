"""The schema of profile and option files. Unknown keys are errors; every value is text (see `source`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ActionCode = Literal["D", "Z", "X", "K", "C", "U", "Z/D", "X/Z", "X/D", "X/Z/D", "X/Z/U*"]
"""The action codes of PS3.15 E.1 and the compounds of Table E.1-1."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1024)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
MethodCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,16}$")]
CodeMeaning = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleEntry(_Strict):
    """One rule: attributes, by `tag` or `keyword`, and the action on them.

    `name` is for the reader. `creator` makes it a rule on a private element. `value` is the dummy for D or Z, in which
    `{pseudonym}` stands for the subject's pseudonym. `reason` goes to the audit.
    """

    tag: Line | None = None
    keyword: Line | None = None
    name: Line | None = None
    creator: Line | None = None
    action: ActionCode
    value: Line | None = None
    reason: Line | None = None


class PixelEntry(_Strict):
    """The pixel policy."""

    mode: Literal["phi", "off"] = "phi"


class ProfileFile(_Strict):
    """A profile: what it extends, its options, its defaults and its rules."""

    name: Name | None = None
    title: Line | None = None
    description: Line | None = None
    extends: Line | None = None
    method_code: MethodCode | None = None
    code_meaning: CodeMeaning | None = None
    unlisted: Literal["keep", "remove"] | None = None
    options: tuple[Line, ...] = ()
    pixels: PixelEntry | None = None
    rules: tuple[RuleEntry, ...] = Field(default=())


class OptionFile(_Strict):
    """An option of PS3.15: its code in CID 7050 and the rules that override a profile's."""

    title: Line
    description: Line
    method_code: MethodCode
    code_meaning: CodeMeaning
    rules: tuple[RuleEntry, ...]
