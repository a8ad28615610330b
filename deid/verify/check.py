"""All checks of one instance before it may be released, on the very bytes that would be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deid.errors import InstanceError, Reason
from deid.reading import parse_instance, view_of
from deid.verify.header import check_header
from deid.verify.leaks import check_leaks, header_bytes
from deid.verify.meta import check_meta
from deid.verify.streams import check_streams
from deid.verify.unchanged import check_unchanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import FileDataset

    from deid.identity.known_values import KnownValue
    from deid.pixels.frames.image import PixelImage
    from deid.pixels.redaction.redact import Redaction
    from deid.plan import Plan
    from deid.text import TextEngine


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a release is judged by: the original, the bytes that would be written, and what was meant to happen."""

    original: FileDataset = field(repr=False)
    image: PixelImage | None = field(repr=False)
    data: bytes = field(repr=False)
    plan: Plan
    redaction: Redaction | None = field(repr=False)


def verify(evidence: Evidence, known: Sequence[KnownValue], engine: TextEngine) -> None:
    """Read the new file again and compare it with the original and the plan.

    Args:
        evidence: Original, new bytes, plan and redaction.
        known: The identifying values that may not be left in the header.
        engine: Matches values in text.

    Raises:
        InstanceError: The first reason why it may not be released.
    """
    try:
        released = parse_instance(evidence.data)
    except InstanceError as error:
        raise InstanceError(Reason.PLAN_NOT_REALISED, f"the new file can't be read: {error.reason}") from None
    header = header_bytes(evidence.data, released)
    redaction = evidence.redaction
    check_meta(evidence.data, evidence.original, released, redaction.transfer_syntax if redaction else None)
    if redaction is None:
        check_unchanged(view_of(evidence.original), view_of(released))
    else:
        from deid.verify.pixels import check_pixels  # what edited them is loaded; of headers alone it need not be

        check_pixels(view_of(evidence.original), evidence.image, view_of(released), redaction)
    check_header(evidence.original, released, evidence.plan.decisions, pixels_edited=redaction is not None)
    if evidence.image is not None and not evidence.plan.blank:
        coded = bool(evidence.original.file_meta.TransferSyntaxUID.is_encapsulated)
        check_streams(evidence.image, tuple(known), engine, coded=coded)
    check_leaks(released, header, known, engine)
