"""The way of one instance: read → plan → apply → verify. Committing and recording are the batch's."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from deid.header import add_marks, apply_header, new_file_meta, plan_header
from deid.identity.subject import Subject, subject_of
from deid.identity.withheld import withheld
from deid.pixels.codecs.format import PIXEL_KEYWORDS
from deid.pixels.free_bits import with_free_bits_seen
from deid.pixels.image import PixelImage
from deid.pixels.redact import Redaction, redact
from deid.plan import Plan
from deid.quiet import quiet_pydicom
from deid.reading import read_instance, view_of
from deid.text import TextEngine
from deid.verify import Evidence, verify
from deid.writing import to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydicom.dataset import Dataset, FileDataset

    from deid.identity.key import Key
    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.planning import PixelPlanner
    from deid.profile import Profile


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance as it was read, with what this run knows of its patient."""

    dataset: FileDataset = field(repr=False)
    """As it was parsed: every value still raw, so that what is kept is written byte for byte."""
    view: Dataset = field(repr=False)
    """The same elements to look at: pydicom converts, and forgets the bytes of, what it is asked for."""
    subject: Subject = field(repr=False)
    image: PixelImage | None = field(repr=False)


@dataclass(slots=True)
class Timings:
    """Seconds spent in each step, for the audit and for the performance page."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of the block to step `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A verified instance: the bytes to release, the plan they follow, and the data sets before and after."""

    data: bytes = field(repr=False)
    plan: Plan
    subject: Subject = field(repr=False)
    original: Dataset = field(repr=False)
    released: Dataset = field(repr=False)


class Deidentifier:
    """De-identifies instances by one profile and key. Holds the models, so make one a process."""

    def __init__(self, profile: Profile, key: Key, *, pixels: bool = True) -> None:
        """Prepare; models load when the first instance with pixel data needs them.

        Args:
            profile: The compiled profile.
            key: The secret key that everything pseudonymous is derived from.
            pixels: Whether to look for burned-in text; also off when the profile says so.
        """
        self._profile = profile
        self._key = key
        self._pixels = pixels and profile.pixels.mode != "off"
        self._engine = TextEngine(profile.text)
        self._planner: PixelPlanner | None = None

    def warm_up(self) -> None:
        """Load the models now.

        Raises:
            EnvironmentFault: A model or library is missing.
        """
        if self._pixels:
            self._pixel_planner().warm_up()
            self._engine.warm_up()

    def deidentify(self, path: Path, timings: Timings) -> Deidentified:
        """Take the file at `path` through all steps; nothing is written.

        Raises:
            InstanceError: The instance may not be released; its reason says why.
        """
        instance = self.read(path, timings)
        plan = self.plan(instance, timings)
        with timings.step("apply"), quiet_pydicom():
            released, redaction = self._apply(instance, plan)
            data = to_bytes(released, new_file_meta(instance.dataset.file_meta, released))
        with timings.step("verify"), quiet_pydicom():
            evidence = Evidence(instance.dataset, instance.image, data, plan, redaction)
            verify(evidence, withheld(instance.subject.known_values, self._profile, instance.dataset), self._engine)
        return Deidentified(data, plan, instance.subject, instance.dataset, released)

    def read(self, path: Path, timings: Timings) -> Instance:
        """Read the file and learn who its patient is, before anything is scrubbed."""
        with timings.step("read"), quiet_pydicom():
            dataset = read_instance(path)
            view = view_of(dataset)
            image = PixelImage.of(view) if self._pixels else None
            image = with_free_bits_seen(image) if image is not None else None
            return Instance(dataset, view, subject_of(dataset, self._key), image)

    def plan(self, instance: Instance, timings: Timings) -> Plan:
        """Decide on every attribute and every frame. Pure: the instance stays as it is."""
        known = instance.subject.known_values
        with timings.step("header"), quiet_pydicom():
            subject = replace(instance.subject, known_values=withheld(known, self._profile, instance.dataset))
            decisions = plan_header(instance.dataset, self._profile, subject, self._key, self._engine)
        if instance.image is None:
            return Plan(
                decisions, pixels="not checked: switched off" if _has_pixels(instance.dataset) else "no pixel data"
            )
        with timings.step("pixels"), quiet_pydicom():
            found = self._pixel_planner().plan(instance.image, instance.view, known)
        return Plan(decisions, found.findings, found.regions, _looked_at(instance.image.format))

    def _apply(self, instance: Instance, plan: Plan) -> tuple[Dataset, Redaction | None]:
        released = apply_header(instance.dataset, plan.decisions)
        redaction = None
        if instance.image is not None and (plan.regions or instance.image.format.clears_free_bits):
            redaction = redact(instance.view, instance.image, plan.regions)
            redaction.apply_to(released)
        checked = self._pixels or not _has_pixels(instance.dataset)
        add_marks(released, self._profile, pixels_checked=checked, decisions=plan.decisions)
        return released, redaction

    def _pixel_planner(self) -> PixelPlanner:
        if self._planner is None:
            from deid.pixels.planning import PixelPlanner

            self._planner = PixelPlanner(self._engine)
        return self._planner


def _looked_at(form: PixelFormat) -> str:
    frames = f"checked {form.frames} frame{'s' if form.frames != 1 else ''}"
    return f"{frames}, cleared what lay in their unused bits" if form.clears_free_bits else frames


def _has_pixels(dataset: Dataset) -> bool:
    return any(keyword in dataset for keyword in PIXEL_KEYWORDS)
