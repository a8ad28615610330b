"""The schema of profile and option files. Unknown keys are errors; every value is text (see `source`)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from deid.profile.lookup.pixel_policy import (
    DEFAULT_CONFIDENCE,
    DEFAULT_MARGIN,
    FRAMES_PATTERN,
    Cine,
    FillColour,
    PixelMode,
    SlideLabels,
    WhenUncheckable,
)
from deid.profile.reading.action_names import ActionName, VrName  # noqa: TC001 - pydantic reads annotations at run time

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1024)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
MethodCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,16}$")]
CodeMeaning = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Pattern = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=256)]
Score = Annotated[float, Field(ge=0, le=1)]
_Phrases = Annotated[tuple[Pattern, ...], Field(max_length=20_000)]
RegionEntry = Annotated[tuple[Annotated[int, Field(ge=0, le=65535)], ...], Field(min_length=4, max_length=4)]
_OneOrMore = Annotated[tuple[Line, ...], Field(min_length=1, max_length=1000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConditionEntry(_Strict):
    """A condition other than equality: exactly one of the two."""

    matches: Pattern | Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=100)] | None = Field(
        None, description="a pattern for the whole value, or several: * any text, ? any character, [a-f] one of these"
    )
    has: Literal["present", "absent"] | None = Field(None, alias="is", description="whether there is a value at all")


When = Annotated[dict[Line, Line | _OneOrMore | ConditionEntry], Field(min_length=1, max_length=20)]


class RuleEntry(_Strict):
    """One rule: which attributes, and the action on them."""

    tag: Line | None = Field(
        None,
        description='a tag "(0010,0020)", a repeating group "(50xx,xxxx)", "(gggg,eeee)" for all private attributes',
    )
    keyword: Line | None = Field(None, description="an attribute by its keyword in PS3.6, such as PatientID")
    group: Line | None = Field(None, description='all attributes of a group, such as "0008"')
    vr: VrName | Annotated[tuple[VrName, ...], Field(min_length=1, max_length=40)] | None = Field(
        None, description="only attributes of this VR, or of one of these"
    )
    path: Line | None = Field(
        None,
        description="an attribute inside sequences: RequestAttributesSequence > "
        "AccessionNumber; * is one level or any attribute, ** any number of levels",
    )
    creator: Line | None = Field(None, description='the Private Creator of a private element, with tag "(0019,xx0C)"')
    when: When | None = Field(
        None,
        description="what other attributes must hold, by keyword: a value, a list of values, or "
        "{matches: pattern} or {is: present|absent}",
    )
    name: Line | None = Field(None, description="what to call the attribute, for the reader")
    action: ActionName = Field(description="what becomes of it")
    value: Line | None = Field(
        None, description="for replace, dummy and empty: what to put in; {pseudonym} and {hash} are filled in"
    )
    map: Line | None = Field(None, description="for map: a CSV file with the columns original,new, beside the profile")
    override: Literal["yes", "no"] = Field(
        "no",
        description="yes: what the extended profile and its options say of "
        "these attributes does not count, however specific it is",
    )
    reason: Line | None = Field(None, description="why, for the audit")


class PixelEntry(_Strict):
    """The pixel policy; what is not said here stays as the extended profile has it."""

    mode: PixelMode = Field(
        "phi",
        description="phi: burned-in text that identifies is hidden; replace: the same, and the patient's pseudonym "
        "and shifted dates are written there; all-text: every text that is found; regions-only: "
        "only the regions of known devices; off: pixels stay as they are",
    )
    margin: float = Field(
        DEFAULT_MARGIN, ge=0, le=5, allow_inf_nan=False, description="around what is hidden, in line heights"
    )
    fill: FillColour = Field("black", description="the colour of what is hidden")
    frames: Annotated[str, StringConstraints(pattern=FRAMES_PATTERN, max_length=1024)] = Field(
        "all", description='which frames are looked at for text: all, first, or numbers such as "1-10, 20"'
    )
    confidence: float = Field(
        DEFAULT_CONFIDENCE,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="a reading of a lower score counts as none: what looks like text is hidden then",
    )
    uncheckable: WhenUncheckable = Field(
        "quarantine",
        description="what becomes of pixels that can't be decoded or edited, such as video: quarantine, blank (all "
        "frames go black), drop (the instance is left out)",
    )
    cine: Cine = Field(
        "changes",
        description="frames after the first: changes reads only what might be new print, every-frame each as a whole",
    )
    slide_labels: SlideLabels = Field(
        "drop", description="label and overview images of slides: drop leaves them out, keep looks at them as at others"
    )


class DeviceEntry(_Strict):
    """A source of images whose overlays stand in known places."""

    name: Line = Field(description="what the audit calls it")
    when: When = Field(description="what the instance must hold, as in rules: all of it")
    regions: Annotated[tuple[RegionEntry, ...], Field(min_length=1, max_length=100)] = Field(
        description="boxes in pixels: [left, top, right, bottom]; right and bottom are outside"
    )


class DeviceFile(_Strict):
    """Known devices, for `devices:` of a profile and for `--devices`."""

    title: Line | None = None
    source: Line | None = Field(None, description="where the regions are from")
    devices: Annotated[tuple[DeviceEntry, ...], Field(min_length=1, max_length=1000)]


class TextEntry(_Strict):
    """How texts are judged, in the header and in pixels. Lists are added to those of the extended profile."""

    nlp: Line | None = Field(
        None, description="own: the NER model that ships with deid; off: none; or the name or path of a spaCy pipeline"
    )
    keep: _Phrases = Field(
        (), description="words and phrases that identify nobody, unless known values; * ? [a-f] stand for letters"
    )
    remove: _Phrases = Field((), description="words and phrases that always go; * ? [a-f] stand for letters of a word")
    header_threshold: Score | None = Field(
        None, description="the score from 0 to 1 from which evidence is cut out of header texts; without, 0.5"
    )
    pixel_threshold: Score | None = Field(
        None, description="the score from which it is hidden in pixels; without, 0.4; above 0.5 unknown words stay"
    )


class ProfileFile(_Strict):
    """A profile: what it extends, its options, its defaults and its rules."""

    name: Name | None = Field(None, description="its name in audit and reports; without, the file's name")
    title: Line | None = None
    description: Line | None = None
    extends: Line | None = Field(None, description="a built-in profile such as basic, or a file beside this one")
    method_code: MethodCode | None = Field(None, description="its code in CID 7050, for (0012,0064)")
    code_meaning: CodeMeaning | None = Field(None, description="the meaning of that code")
    unlisted: Literal["keep", "remove"] | None = Field(None, description="what becomes of attributes without a rule")
    options: tuple[Line, ...] = Field((), description="options of PS3.15; `deid profiles list` names them")
    pixels: PixelEntry | None = None
    text: TextEntry | None = None
    devices: tuple[Line, ...] = Field(
        (), description="known devices, besides those of the extended profile: names that ship with deid, or files"
    )
    subject: Literal["issuer-and-patient-id", "patient-id"] | None = Field(
        None,
        description="what makes two instances the same patient's; without a Patient ID it is name and birth date, "
        "or the study",
    )
    private_table: Literal["tcia-2024-02-01"] | None = Field(
        None, description="a table that ships with deid and says what becomes of private attributes"
    )
    rules: tuple[RuleEntry, ...] = ()


class OptionFile(_Strict):
    """An option: its code in CID 7050 if it is one of PS3.15, and the rules that override a profile's."""

    title: Line
    description: Line
    method_code: MethodCode | None = None
    code_meaning: CodeMeaning | None = None
    repair: Literal["yes", "no"] = "no"
    rules: tuple[RuleEntry, ...] = ()


def json_schema() -> dict[str, Any]:
    """The JSON Schema of profile files, for editors."""
    schema = ProfileFile.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "deid profile"}
