"""`inspect`: the plan for one instance, carried out in the memory of a worker like any other, with nothing written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pydicom.uid import UID

from deid.batch.processed import place_of
from deid.batch.sources.source import Source
from deid.batch.workers.pool import Lost, Pool
from deid.errors import InstanceError, Reason
from deid.instance import Deidentifier, Instance, Timings
from deid.options import MEMORY_LIMIT
from deid.pixels.codecs.format import declared_format
from deid.pixels.sketch import sketch

if TYPE_CHECKING:
    from pathlib import Path

    from deid.identity.key import Key
    from deid.plan import Plan
    from deid.profile import Profile


@dataclass(frozen=True, slots=True)
class Facts:
    """What an instance is, without saying whose."""

    sop_class: str
    transfer_syntax: str
    frame_size: str
    """`512 × 512, 30 frames, MONOCHROME2, 16 bit`, or empty."""
    known_values: int
    """How many identifying values the header holds, which are looked for everywhere else."""
    subject: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """The plan for an instance, the reason why it would not be released, or both: some reasons show only afterwards."""

    facts: Facts | None = None
    plan: Plan | None = None
    refusal: Reason | None = None
    detail: str = ""
    picture: bytes | None = field(default=None, repr=False)
    """A PNG of the frames with their boxes, if one was asked for and there are any. It shows the original pixels."""


@dataclass(frozen=True, slots=True)
class _Inspecting:
    profile: Profile
    key: Key = field(repr=False)
    pixels: bool
    picture: bool

    def __call__(self) -> _InspectHandler:
        return _InspectHandler(Deidentifier(self.profile, self.key, pixels=self.pixels), picture=self.picture)


class _InspectHandler:
    def __init__(self, deidentifier: Deidentifier, *, picture: bool) -> None:
        self._deidentifier = deidentifier
        self._picture = picture

    def share(self) -> None:
        """Nothing: there is one worker."""

    def __call__(self, source: Source) -> Inspection:
        seen = Inspection()
        try:
            instance = self._deidentifier.read(source.path, Timings())
            seen = Inspection(facts_of(instance))
            plan = self._deidentifier.plan(instance, Timings())
            image = instance.pixels.image
            picture = sketch(image, instance.view, plan) if self._picture and image is not None else None
            seen = replace(seen, plan=plan, picture=picture)
            # What a run finds out only when it verifies is to be known here, too.
            return replace(seen, plan=self._deidentifier.carry_out(instance, plan, Timings()).plan)
        except InstanceError as error:
            return replace(seen, refusal=error.reason, detail=error.detail)
        except MemoryError:
            return replace(seen, refusal=Reason.TOO_LARGE)
        except Exception as error:  # noqa: BLE001 - its message may quote the input: only type and place are told
            return replace(seen, refusal=Reason.INTERNAL, detail=place_of(error))


def facts_of(instance: Instance) -> Facts:
    """Describe an instance by its SOP class, transfer syntax and frames."""
    frame_size = ""
    form = instance.pixels.image.format if instance.pixels.image is not None else declared_format(instance.view)
    if form is not None:
        frames = f"{form.frames} frame{'s' if form.frames != 1 else ''}"
        frame_size = f"{form.columns} × {form.rows}, {frames}, {form.photometric}, {form.bits_stored} bit"
    return Facts(
        _registered_name(str(instance.dataset.SOPClassUID)),
        _registered_name(str(instance.dataset.file_meta.TransferSyntaxUID)),
        frame_size,
        len(instance.subject.known_values),
        instance.subject.pseudonym,
    )


def _registered_name(uid: str) -> str:
    """The registered name of a UID; a private one is named as such, for it may hold anything."""
    name = UID(uid).name
    return name if name != uid else "private or unknown"


def inspect(
    path: Path, profile: Profile, key: Key, *, pixels: bool, time_limit: float, picture: bool = False
) -> Inspection:
    """Plan what would happen to the file at `path`; nothing is written. Memory is bounded as in a run.

    With `picture`, its frames are drawn with their boxes.

    Raises:
        EnvironmentFault: A model or library is missing.
    """
    pool: Pool[Source, Inspection]
    with Pool(
        _Inspecting(profile, key, pixels, picture), size=1, time_limit=time_limit, memory_limit=MEMORY_LIMIT
    ) as pool:
        for _, result in pool.run([Source(path, path.name)]):
            return Inspection(refusal=result.reason) if isinstance(result, Lost) else result
    raise RuntimeError("the pool gave no result")
