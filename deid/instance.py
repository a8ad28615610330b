"""The way of one instance: read → plan → apply → verify. Committing and recording are the batch's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pydicom.uid import UID

from deid.attributes.items import parsed_once
from deid.header import add_marks, apply_header, new_file_meta, plan_header, shifts_dates
from deid.identity.subject import Subject, subject_of
from deid.identity.withheld import withheld
from deid.pixels.cleaner import OpenedPixels, PixelCleaner
from deid.plan import Plan
from deid.quiet import quiet_pydicom
from deid.reading import parse_instance, read_instance, view_of
from deid.text import TextEngine
from deid.timings import Timings
from deid.verify import Evidence, verify
from deid.verify.marks import check_marks
from deid.writing import to_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydicom.dataset import Dataset, FileDataset, FileMetaDataset

    from deid.identity.key import Key
    from deid.identity.known_values import KnownValue
    from deid.pixels.redaction.redact import Redaction
    from deid.plan import Decision, Region
    from deid.profile import Profile

__all__ = ["Deidentified", "Deidentifier", "Instance", "Timings"]


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance as it was read, with what this run knows of its patient."""

    dataset: FileDataset = field(repr=False)
    """As it was parsed: every value still raw, so that what is kept is written byte for byte."""
    view: Dataset = field(repr=False)
    """The same elements to look at: pydicom converts, and forgets the bytes of, what it is asked for."""
    subject: Subject = field(repr=False)
    pixels: OpenedPixels = field(repr=False)


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
        self._engine = TextEngine(profile.text)
        policy = profile.pixels if pixels else replace(profile.pixels, mode="off")
        self._cleaner = PixelCleaner(policy, self._engine)

    def warm_up(self) -> None:
        """Load the models now.

        Raises:
            EnvironmentFault: A model or library is missing.
        """
        self._cleaner.warm_up()

    def deidentify(self, path: Path, timings: Timings) -> Deidentified:
        """Take the file at `path` through all steps; nothing is written.

        Raises:
            InstanceError: The instance may not be released; its reason says why.
        """
        with parsed_once():
            instance = self.read(path, timings)
            return self.carry_out(instance, self.plan(instance, timings), timings)

    def read(self, path: Path, timings: Timings) -> Instance:
        """Read the file and learn who its patient is, before anything is scrubbed."""
        with timings.step("read"), quiet_pydicom():
            dataset = read_instance(path)
            view = view_of(dataset)
            subject = subject_of(dataset, self._key, self._profile.subject_by)
            return Instance(dataset, view, subject, self._cleaner.open(view))

    def plan(self, instance: Instance, timings: Timings) -> Plan:
        """Decide on every attribute and every frame. Pure: the instance stays as it is."""
        with timings.step("header"), quiet_pydicom():
            decisions = self._decisions(instance)
        with timings.step("pixels"), quiet_pydicom():
            days = instance.subject.date_offset_days if shifts_dates(self._profile) else None
            return self._cleaner.plan(instance.pixels, instance.view, instance.subject, decisions, days)

    def carry_out(self, instance: Instance, plan: Plan, timings: Timings) -> Deidentified:
        """Do in memory what a plan says, and verify what comes out.

        Raises:
            InstanceError: It may not be released; the reason says why.
        """
        with timings.step("apply"), quiet_pydicom():
            released, plan, redaction = self._apply(instance, plan)
            data = to_bytes(released, _file_meta(instance.dataset, released, redaction))
        with timings.step("verify"), quiet_pydicom():
            self._verify(instance, data, plan, redaction)
        return Deidentified(data, plan, instance.subject, instance.dataset, released)

    def check(self, path: Path, released: bytes, regions: Sequence[Region], *, blank: bool) -> Subject:
        """Compare a file that was released earlier with its original in `path`, as before its release.

        Args:
            path: The original.
            released: The bytes of the released file.
            regions: What was meant to be blacked out.
            blank: Whether all frames were.

        Returns:
            The subject of both.

        Raises:
            InstanceError: What does not hold; or why the original can't be released as it is now.
        """
        with parsed_once(), quiet_pydicom():
            instance = self.read(path, Timings())
            plan = Plan(self._decisions(instance), regions=tuple(regions), blank=blank)
            redaction = self._cleaner.redaction_of(instance.pixels, instance.view, plan)
            self._verify(instance, released, plan, redaction)
            looked_at = blank or instance.pixels.image is not None
            again = parse_instance(released)
            check_marks(instance.dataset, again, plan.decisions, self._profile, looked_at=looked_at)
        return instance.subject

    def _decisions(self, instance: Instance) -> tuple[Decision, ...]:
        subject = replace(instance.subject, known_values=self._withheld(instance))
        return plan_header(instance.dataset, self._profile, subject, self._key, self._engine)

    def _withheld(self, instance: Instance) -> tuple[KnownValue, ...]:
        return withheld(instance.subject.known_values, self._profile, instance.dataset)

    def _verify(self, instance: Instance, data: bytes, plan: Plan, redaction: Redaction | None) -> None:
        evidence = Evidence(instance.dataset, instance.pixels.image, data, plan, redaction)
        verify(evidence, self._withheld(instance), self._engine)

    def _apply(self, instance: Instance, plan: Plan) -> tuple[Dataset, Plan, Redaction | None]:
        released = apply_header(instance.dataset, plan.decisions)
        plan, redaction = self._cleaner.redact(instance.pixels, instance.view, plan)
        if redaction is not None:
            redaction.apply_to(released)
        add_marks(released, self._profile, pixels_checked=plan.pixels_checked, decisions=plan.decisions)
        return released, plan, redaction


def _file_meta(original: FileDataset, released: Dataset, redaction: Redaction | None) -> FileMetaDataset:
    meta = new_file_meta(original.file_meta, released)
    if redaction is not None and redaction.transfer_syntax is not None:
        meta.TransferSyntaxUID = UID(redaction.transfer_syntax)
    return meta
