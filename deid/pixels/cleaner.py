"""The way of one instance's pixels: opened, planned and redacted as the profile's pixel policy says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.format import PIXEL_KEYWORDS, SUBSAMPLED_YBR
from deid.pixels.frames.free_bits import with_free_bits_seen
from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.lettering import Substitutes, lettered
from deid.pixels.redaction.redact import Redaction, redact, snapped_regions
from deid.pixels.uncheckable import blanked, reason_to_blank, refuse_slide_label
from deid.plan import BLANKED, NOT_CHECKED, Plan, without_pixels

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from deid.identity.subject import Subject
    from deid.pixels.planning import PixelPlanner
    from deid.plan import Decision
    from deid.profile import PixelPolicy
    from deid.text import TextEngine


@dataclass(frozen=True, slots=True)
class OpenedPixels:
    """What can be known of an instance's pixels before any frame is decoded."""

    image: PixelImage | None = field(default=None, repr=False)
    """None where there are no pixels, or nobody is to look at them."""
    trouble: Reason | None = None
    """Why all frames will go black."""


class PixelCleaner:
    """Looks at pixels and blacks out. Holds the models, so make one a process."""

    def __init__(self, policy: PixelPolicy, engine: TextEngine) -> None:
        """Prepare; models load at the first frame that is looked at, or with `warm_up`."""
        self._policy = policy
        self._engine = engine
        self._planner: PixelPlanner | None = None

    def warm_up(self) -> None:
        """Load the models that the policy needs now.

        Raises:
            EnvironmentFault: A model or library is missing.
        """
        if self._policy.looks_for_text:
            self._pixel_planner().warm_up()
            self._engine.warm_up()

    def open(self, view: Dataset) -> OpenedPixels:
        """Find the frames.

        Raises:
            InstanceError: The frames can't be understood, or the profile leaves out what they show.
        """
        refuse_slide_label(view, self._policy)
        if self._policy.mode == "off":
            return OpenedPixels()
        try:
            image = PixelImage.of(view)
            return OpenedPixels(with_free_bits_seen(image) if image is not None else None)
        except InstanceError as error:
            return OpenedPixels(trouble=reason_to_blank(error, self._policy))

    def plan(
        self, opened: OpenedPixels, view: Dataset, subject: Subject, decisions: tuple[Decision, ...], days: int | None
    ) -> Plan:
        """The plan of an instance, with what was decided on its header: look at the frames, decide what goes black.

        Args:
            opened: Its pixels.
            view: Its data set.
            subject: Its patient.
            decisions: What was decided on its header.
            days: By how many days the patient's dates move; None where dates are not shifted.

        Raises:
            InstanceError: A frame can't be decoded.
        """
        if opened.trouble is not None:
            return _blank(Plan(decisions), opened.trouble)
        if opened.image is None:
            there = any(keyword in view for keyword in PIXEL_KEYWORDS)
            pixels = NOT_CHECKED if there else without_pixels(view.keys())
            return Plan(decisions, pixels=pixels, pixels_checked=not there)
        try:
            found = self._pixel_planner().plan(opened.image, view, subject.known_values)
        except InstanceError as error:
            return _blank(Plan(decisions), reason_to_blank(error, self._policy))
        regions = found.regions
        if self._policy.mode == "replace" and _takes_letters(opened.image):
            regions = lettered(regions, found.findings, Substitutes(subject.pseudonym, days))
        return Plan(decisions, found.findings, regions, found.summary, found.complete)

    def redact(self, opened: OpenedPixels, view: Dataset, plan: Plan) -> tuple[Plan, Redaction | None]:
        """Do what the plan says; None where no pixel changes.

        Returns:
            The plan, which is another one where frames turned out not to be editable, and what was done.

        Raises:
            InstanceError: They are not, and the profile does not have them blanked.
        """
        image = opened.image
        if plan.blank:
            return plan, blanked(view)
        if image is None or not _changes(image, plan):
            return plan, None
        try:
            return plan, redact(view, image, plan.regions, self._policy.fill)
        except InstanceError as error:
            return _blank(plan, reason_to_blank(error, self._policy)), blanked(view)

    @staticmethod
    def redaction_of(opened: OpenedPixels, view: Dataset, plan: Plan) -> Redaction | None:
        """What `redact` did for such a plan, without the new pixel data; arguments and errors are the same."""
        if plan.blank:
            return blanked(view)
        if opened.image is None or not _changes(opened.image, plan):
            return None
        return Redaction(tuple(snapped_regions(opened.image, plan.regions)), ())

    def _pixel_planner(self) -> PixelPlanner:
        if self._planner is None:
            from deid.pixels.planning import PixelPlanner

            self._planner = PixelPlanner(self._engine, self._policy)
        return self._planner


def _takes_letters(image: PixelImage) -> bool:
    """Whether single samples can be set, and lettered boxes hold two values only."""
    return image.frames.sets_samples and image.format.bits_allocated > 1 and image.format.photometric != SUBSAMPLED_YBR


def _changes(image: PixelImage, plan: Plan) -> bool:
    """Whether any pixel is changed by a plan that does not blank all of them."""
    return bool(plan.regions) or image.format.clears_free_bits


def _blank(plan: Plan, reason: Reason) -> Plan:
    pixels = f"{BLANKED}: {reason.meaning}"
    return replace(plan, findings=(), regions=(), pixels=pixels, pixels_checked=True, blank=True)
