"""The weights that travel in the wheel, their checksums, and the folders PaddleOCR wants to load them from.

The weights are PP-OCRv6 small (PaddlePaddle, Apache-2.0) as ONNX. A model folder must hold exactly `inference.onnx` and
`inference.yml`. The latter is made here: the dictionary of the recogniser stands in the metadata of its ONNX file, so
symbols and weights can't part.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deid.errors import EnvironmentFault

WEIGHTS_FOLDER = Path(__file__).parent / "weights"

# Below the makers' 0.3 and 0.6: text half lost in the image must be found, a false box costs little.
PIXEL_THRESHOLD = 0.2
BOX_THRESHOLD = 0.45
UNCLIP_RATIO = 1.4

_NARROWEST_CROP = [3, 48, 32]
"""The makers pad to 320 columns at least; two letters are read as well in 64, in a fifth of the time."""
_DUMPER: Any = yaml.CSafeDumper if yaml.__with_libyaml__ else yaml.SafeDumper
_DECODE = {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}}


@dataclass(frozen=True, slots=True)
class Model:
    """One model: PaddleOCR's name for it, its file below `weights/`, and the SHA-256 of that file."""

    name: str
    file: str
    sha256: str


DETECTION = Model("PP-OCRv6_small_det", "det.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f")
RECOGNITION = Model(
    "PP-OCRv6_small_rec", "rec.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
)


SMALL_PRINT = Model(
    "deid_small_print", "print.onnx", "ee8ba0a50b6257771bf578eebd89132aefc6532101281efdb8c77869a206376b"
)
"""Our own (docs/print-model.md); it lies beside this module, as it is in git."""


def model_digests() -> dict[str, str]:
    """SHA-256 by model name, for the audit. Loading checks that the files have these, so nothing is read here."""
    return {model.name: model.sha256 for model in (DETECTION, RECOGNITION, SMALL_PRINT)}


def small_print_weights() -> bytes:
    """The net that is asked about small print.

    Raises:
        EnvironmentFault: it is not there, or not the one it should be.
    """
    try:
        data = (Path(__file__).parent / SMALL_PRINT.file).read_bytes()
    except OSError as error:
        raise EnvironmentFault(
            f"the OCR weights {SMALL_PRINT.file} are missing", remedy="install deid again from its wheel"
        ) from error
    _check(SMALL_PRINT, data, remedy="install deid again")
    return data


def model_folder(model: Model, scratch: Path) -> Path:
    """Make the folder that PaddleOCR loads `model` from, below `scratch`.

    Raises:
        EnvironmentFault: the weights are not there, or not the ones they should be.
    """
    folder = scratch / model.name
    folder.mkdir()
    weights = folder / "inference.onnx"
    _copy_checked(model, weights)
    config = _detection_config() if model is DETECTION else _recognition_config(weights)
    text = yaml.dump(config, Dumper=_DUMPER, allow_unicode=True, sort_keys=False)
    (folder / "inference.yml").write_text(text, encoding="utf-8")
    return folder


def _copy_checked(model: Model, target: Path) -> None:
    """Copy, then check the copy: what is checked is what is loaded."""
    source = WEIGHTS_FOLDER / model.file
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError as error:
        raise EnvironmentFault(
            f"the OCR weights {model.file} are missing",
            remedy="install deid from its wheel, or run `python hatch_build.py` in the source tree",
        ) from error
    except OSError as error:
        raise EnvironmentFault(
            f"the OCR weights {model.file} can't be copied to the temporary folder",
            remedy="check that the installation is readable, and set TMPDIR to a folder with 50 MB free",
        ) from error
    remedy = "install deid again; in a source tree delete the file and run `python hatch_build.py`"
    _check(model, target.read_bytes(), remedy=remedy)


def _check(model: Model, data: bytes, *, remedy: str) -> None:
    if hashlib.sha256(data).hexdigest() != model.sha256:
        raise EnvironmentFault(
            f"the OCR weights {model.file} are damaged or were exchanged: their SHA-256 is not the expected one",
            remedy=remedy,
        )


def _detection_config() -> dict[str, Any]:
    normalise = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "scale": "1./255.", "order": "hwc"}
    steps = [_DECODE, {"DetResizeForTest": None}, {"NormalizeImage": normalise}, {"ToCHWImage": None}]
    boxes = {
        "name": "DBPostProcess",
        "thresh": PIXEL_THRESHOLD,
        "box_thresh": BOX_THRESHOLD,
        "unclip_ratio": UNCLIP_RATIO,
        "max_candidates": 3000,
    }
    return {
        "Global": {"model_name": DETECTION.name},
        "PreProcess": {"transform_ops": steps},
        "PostProcess": boxes,
    }


def _recognition_config(weights: Path) -> dict[str, Any]:
    return {
        "Global": {"model_name": RECOGNITION.name},
        "PreProcess": {"transform_ops": [_DECODE, {"RecResizeImg": {"image_shape": _NARROWEST_CROP}}]},
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": _dictionary(weights)},
    }


def _dictionary(weights: Path) -> list[str]:
    """The 18,708 symbols of the recogniser, in the order of its outputs, out of the ONNX metadata."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    symbols: str = session.get_modelmeta().custom_metadata_map["character"]
    return symbols.split("\n")
