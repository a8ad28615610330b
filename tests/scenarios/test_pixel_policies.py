"""What a profile says of pixels is done, marked and told, in each of its policies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pytest
from rapidfuzz.fuzz import ratio

from deid.audit.records import region_fields, region_of
from deid.errors import InstanceError, Reason
from deid.identity.key import Key
from deid.instance import Deidentified, Deidentifier, Timings
from deid.outcome import Skipped, outcome_of
from deid.pixels.ocr import Ocr
from deid.profile import load_profile
from deid.reading import parse_instance
from tests.scenarios.screens import LABEL, NAME, screen, write_screen

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
SLIDES = "1.2.840.10008.5.1.4.1.1.77.1.6"
VIDEO, JPEG = "1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.50"
DEVICE = """
devices:
  - name: our screen
    when: {Modality: OT, Rows: "200"}
    regions: [[300, 0, 320, 200]]
"""


def clean(tmp_path: Path, pixels: str, frames: list[Any] | None = None, *more: Any, **attributes: Any) -> Deidentified:
    """The screen with a name and a label, by a profile with this pixel policy."""
    write_screen(tmp_path / "a.dcm", frames or [screen()], *more, **attributes)
    profile = tmp_path / "mine.yaml"
    (tmp_path / "devices.yaml").write_text(DEVICE)
    profile.write_text(f"extends: basic\npixels: {pixels}\ndevices: [devices.yaml]\n")
    return Deidentifier(load_profile(str(profile)), Key.generate()).deidentify(tmp_path / "a.dcm", Timings())


def hidden(done: Deidentified, place: tuple[int, int], colour: int = 0, frame: int = 0) -> bool:
    """Whether the text at a place is gone."""
    pixels = parse_instance(done.data).pixel_array
    picture = pixels if pixels.ndim == 2 else pixels[frame]
    return bool((picture[place[1] + 4 : place[1] + 16, place[0] : place[0] + 80] == colour).all())


def marks(done: Deidentified) -> tuple[str, str]:
    released = parse_instance(done.data)
    return released.PatientIdentityRemoved, str(released.get("BurnedInAnnotation", ""))


@pytest.mark.parametrize(("pixels", "name", "label", "device", "marked"), [
    ("{mode: phi}", True, False, True, ("YES", "NO")),
    ("{mode: all-text}", True, True, True, ("YES", "NO")),
    ("{mode: regions-only}", False, False, True, ("YES", "NO")),
    ("{mode: off}", False, False, False, ("NO", "")),
])  # fmt: skip
def test_which_text_goes(
    tmp_path: Path, pixels: str, name: bool, label: bool, device: bool, marked: tuple[str, str]
) -> None:
    done = clean(tmp_path, pixels)
    assert (hidden(done, NAME), hidden(done, LABEL)) == (name, label)
    assert (not parse_instance(done.data).pixel_array[:, 300:].any()) == device
    assert marks(done) == marked


def test_without_a_known_device_regions_only_is_no_look(tmp_path: Path) -> None:
    done = clean(tmp_path, "{mode: regions-only}", Modality="DX")
    assert marks(done) == ("NO", "")


def test_white_boxes(tmp_path: Path) -> None:
    assert hidden(clean(tmp_path, "{fill: white}"), NAME, colour=255)


def test_frames_that_nobody_looked_at(tmp_path: Path) -> None:
    other = screen(lines=[(LABEL, "DOEBERT^JANINE")])
    done = clean(tmp_path, "{frames: first}", [screen(), screen(), other])
    assert hidden(done, NAME, frame=0)
    assert hidden(done, NAME, frame=1), "the same picture at the same place"
    assert not hidden(done, LABEL, frame=2)
    assert marks(done) == ("NO", "")
    assert done.plan.pixels == "checked 1 of 3 frames"


@pytest.mark.parametrize("kind", ["LABEL", "OVERVIEW"])
def test_labels_of_slides_are_left_out(tmp_path: Path, kind: str) -> None:
    attributes: dict[str, Any] = {"SOPClassUID": SLIDES, "ImageType": ["ORIGINAL", "PRIMARY", kind, "NONE"]}
    with pytest.raises(InstanceError) as refused:
        clean(tmp_path, "{mode: phi}", **attributes)
    assert isinstance(outcome_of(refused.value), Skipped)
    assert refused.value.reason is Reason.LEFT_OUT
    assert hidden(clean(tmp_path, "{slide_labels: keep}", **attributes), NAME)


@pytest.mark.parametrize("kind", ["VOLUME", "THUMBNAIL"])
def test_other_images_of_slides_are_not(tmp_path: Path, kind: str) -> None:
    assert clean(tmp_path, "{mode: regions-only}", SOPClassUID=SLIDES, ImageType=["ORIGINAL", "PRIMARY", kind, "NONE"])


def video(frame: Any) -> bytes:
    return b"\0\0\1\xba DOEBERT" + bytes(frame)[:200]


def progressive(frame: Any) -> bytes:
    """A baseline stream that says it is progressive."""
    return bytes(imagecodecs.jpeg8_encode(frame)).replace(b"\xff\xc0", b"\xff\xc2")


@pytest.mark.parametrize(("syntax", "encode"), [(VIDEO, video), (JPEG, progressive)])
def test_what_nobody_can_look_at(tmp_path: Path, syntax: str, encode: Any) -> None:
    frames = [screen(), screen()]
    with pytest.raises(InstanceError) as refused:
        clean(tmp_path, "{mode: phi}", frames, syntax, encode)
    assert refused.value.reason in {Reason.UNSUPPORTED_SYNTAX, Reason.UNDECODABLE_PIXELS, Reason.UNREDACTABLE_PIXELS}
    with pytest.raises(InstanceError) as left_out:
        clean(tmp_path, "{uncheckable: drop}", frames, syntax, encode)
    assert left_out.value.reason is Reason.LEFT_OUT
    done = clean(tmp_path, "{uncheckable: blank}", frames, syntax, encode)
    released = parse_instance(done.data)
    assert released.pixel_array.shape == (2, 200, 320)
    assert not released.pixel_array.any()
    assert b"DOEBERT" not in done.data
    assert marks(done) == ("YES", "NO")
    assert "blanked" in done.plan.pixels


@pytest.mark.parametrize("photometric", ["YBR_PARTIAL_420", "RGB"])
def test_blank_colour_is_black(tmp_path: Path, photometric: str) -> None:
    frames = [np.stack([screen()] * 3, axis=-1)]
    done = clean(tmp_path, "{uncheckable: blank}", frames, VIDEO, video, PhotometricInterpretation=photometric)
    released = parse_instance(done.data)
    assert released.PhotometricInterpretation == "RGB"
    assert not released.pixel_array.any()


LINES = [(NAME, "DOEBERT^JANINE"), ((20, 60), "QX-4711-83"), ((20, 100), "2019-07-22"), (LABEL, "LEFT LATERAL")]


def test_pseudonyms_are_written_where_name_and_id_stood(tmp_path: Path) -> None:
    frames = [screen(lines=LINES), screen(lines=LINES[:1])]
    done = clean(tmp_path, "{mode: replace}", frames)
    written = {region.reasons[0]: region for region in done.plan.regions if region.replacement}
    assert (
        written["known patient name"].replacement == written["known patient ID"].replacement == done.subject.pseudonym
    )
    pixels = parse_instance(done.data).pixel_array
    for region in written.values():
        box = region.box
        for index in region.frames:
            assert set(np.unique(pixels[index][box.y0 : box.y1, box.x0 : box.x1])) == {0, 255}
    assert not any(region.replacement for region in done.plan.regions if "date" in region.reasons[0])
    assert all(region_of(region_fields(region)) == region for region in done.plan.regions)


def test_what_was_written_can_be_read(tmp_path: Path) -> None:
    done = clean(tmp_path, "{mode: replace}")
    (region,) = (region for region in done.plan.regions if region.replacement)
    box = region.box
    part = parse_instance(done.data).pixel_array[box.y0 : box.y1, box.x0 : box.x1]
    (line,) = Ocr().read([np.ascontiguousarray(np.repeat(np.pad(part, 12)[:, :, None], 3, axis=2))])
    assert ratio(line.text, done.subject.pseudonym) > 90  # the reader confuses O with 0, and takes VV for V


def test_dates_are_shifted_where_the_profile_shifts_them(tmp_path: Path) -> None:
    write_screen(tmp_path / "a.dcm", [screen(lines=LINES)])
    profile = tmp_path / "mine.yaml"
    profile.write_text("extends: basic\noptions: [retain-longitudinal-modified-dates]\npixels: {mode: replace}\n")
    done = Deidentifier(load_profile(str(profile)), Key.generate()).deidentify(tmp_path / "a.dcm", Timings())
    dates = {region.replacement for region in done.plan.regions if "date" in region.reasons[0]}
    assert dates == {(date(2019, 7, 22) + timedelta(days=done.subject.date_offset_days)).isoformat()}


def test_jpeg_stays_black(tmp_path: Path) -> None:
    done = clean(tmp_path, "{mode: replace}", [screen()], JPEG, lambda frame: imagecodecs.jpeg8_encode(frame, 95))
    assert hidden(done, NAME)
