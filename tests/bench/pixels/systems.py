"""The systems that are compared: deid, PaddleOCR on every frame, and presidio-image-redactor from a venv of its own."""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deid.errors import InstanceError
from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.pixels.frames.image import PixelImage
from deid.pixels.frames.views import views_of
from deid.pixels.ocr.environment import paddleocr_modules
from deid.pixels.ocr.models import (
    BOX_THRESHOLD,
    DETECTION,
    PIXEL_THRESHOLD,
    RECOGNITION,
    UNCLIP_RATIO,
    model_folder,
)
from deid.plan import Box
from deid.profile import load_profile
from deid.reading import read_instance, view_of
from tests.bench.pixels.scoring import Hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PRESIDIO_PYTHON = Path(os.environ.get("PRESIDIO_PYTHON", "/tmp/presidio/bin/python"))  # noqa: S108
_KEY = Key(bytes(range(32)))


def cpu_seconds() -> float:
    """Processor time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Deid:
    """deid with the basic profile."""

    def __init__(self) -> None:
        self._deidentifier = Deidentifier(load_profile("basic"), _KEY)
        self._deidentifier.warm_up()

    def hide(self, path: Path) -> Hidden:
        """De-identify a file."""
        start = cpu_seconds()
        try:
            done = self._deidentifier.deidentify(path, Timings())
        except InstanceError as error:
            return Hidden(seconds=cpu_seconds() - start, reason=error.reason.meaning)
        seconds = cpu_seconds() - start
        frames = int(done.original.get("NumberOfFrames") or 1)
        boxes = tuple(tuple(r.box for r in done.plan.regions if index in r.frames) for index in range(frames))
        return Hidden(boxes, seconds, data=done.data)


class NaivePaddle:
    """PaddleOCR's own pipeline, with deid's weights and thresholds, on every frame; all it reads is hidden."""

    def __init__(self) -> None:
        with paddleocr_modules() as (paddleocr, scratch):
            self._ocr: Any = paddleocr.PaddleOCR(
                text_detection_model_name=DETECTION.name,
                text_detection_model_dir=str(model_folder(DETECTION, scratch)),
                text_recognition_model_name=RECOGNITION.name,
                text_recognition_model_dir=str(model_folder(RECOGNITION, scratch)),
                use_textline_orientation=False,
                use_doc_orientation_classify=False,
                use_doc_unwarping=False,
                text_det_thresh=PIXEL_THRESHOLD,
                text_det_box_thresh=BOX_THRESHOLD,
                text_det_unclip_ratio=UNCLIP_RATIO,
                engine="onnxruntime",
                device="cpu",
                engine_config={"intra_op_num_threads": 1, "inter_op_num_threads": 1, "enable_cpu_mem_arena": False},
            )

    def hide(self, path: Path) -> Hidden:
        """Read every frame."""
        start = cpu_seconds()
        view = view_of(read_instance(path))
        image = PixelImage.of(view)
        if image is None:
            raise ValueError(path)
        frames = (views_of(image, image.decode(index), view)[0] for index in range(image.format.frames))
        boxes = tuple(tuple(_around(quad) for quad in self._ocr.predict(frame)[0]["rec_polys"]) for frame in frames)
        return Hidden(boxes, cpu_seconds() - start)


def presidio(paths: Iterable[Path]) -> Mapping[str, Hidden] | None:
    """What presidio-image-redactor hides in single-frame files, by file name; None where it is not installed."""
    if not PRESIDIO_PYTHON.is_file():
        return None
    script = Path(__file__).with_name("presidio_peer.py")
    command = [str(PRESIDIO_PYTHON), str(script), *map(str, paths)]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1", "PYTHONPATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd="/")
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Hidden] = {}
    for line in done.stdout.splitlines():
        one = json.loads(line)
        boxes = tuple(Box(*box) for box in one["boxes"])
        found[one["file"]] = Hidden((boxes,), one["seconds"], one["error"])
    return found


def _around(quad: Any) -> Box:
    xs, ys = [float(x) for x, _ in quad], [float(y) for _, y in quad]
    return Box(math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys)))
