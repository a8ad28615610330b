"""Loads PaddleOCR so that it stays off the network, off the user's home and off the console.

Everything that has to be set before, during or after the import of paddleocr is here, and nowhere else. The private
folder that it asks for is removed once the models are in memory, so a killed process leaves nothing behind either.
"""

from __future__ import annotations

import importlib
import logging
import os
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from deid.errors import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTINGS = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime from 1.29 on reports to its maker by default
    "PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK": "True",  # no probe of model hubs
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
_CACHE = "PADDLE_PDX_CACHE_HOME"
_LOGGERS = ("paddlex", "paddleocr", "ppocr")


@contextmanager
def paddleocr_modules() -> Iterator[tuple[Any, Path]]:
    """Give the imported `paddleocr` module and a scratch folder to load models from; the folder goes afterwards.

    Raises:
        EnvironmentFault: paddleocr or a shared library below it is missing, or no temporary folder can be written.
    """
    os.environ.update(_SETTINGS)
    try:
        scratch = tempfile.TemporaryDirectory(prefix="deid-ocr-", ignore_cleanup_errors=True)
    except OSError as error:
        raise EnvironmentFault(
            "no temporary folder can be written, and reading text in pixels needs one",
            remedy="set TMPDIR to a folder with some free space",
        ) from error
    with scratch as folder:
        os.environ[_CACHE] = folder
        module = _import_paddleocr()
        with _quick_yaml():
            yield module, Path(folder)


@contextmanager
def _quick_yaml() -> Iterator[None]:
    """Let PaddleX read its configuration with libyaml: in Python, 18,708 symbols take half of the time of loading."""
    before = yaml.FullLoader
    if yaml.__with_libyaml__:
        yaml.FullLoader = yaml.CFullLoader  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        yaml.FullLoader = before  # type: ignore[misc]


def _import_paddleocr() -> Any:  # noqa: ANN401 - paddleocr has no types
    """Import quietly; OpenCV first, because a missing libGL shows there and nowhere more clearly."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            importlib.import_module("cv2").setNumThreads(1)
            module = importlib.import_module("paddleocr")
        except ImportError as error:
            raise _fault(error) from error
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return module


def _fault(error: ImportError) -> EnvironmentFault:
    if ".so" in str(error):
        library = str(error).split(":", maxsplit=1)[0]
        return EnvironmentFault(
            f"OpenCV can't be loaded: the shared library {library} is missing",
            remedy="apt-get install libgl1 libglib2.0-0 "
            "(or, without root: pip install --force-reinstall --no-deps opencv-python-headless==4.10.0.84)",
        )
    missing = error.name or "a package"
    return EnvironmentFault(
        f"the text reader can't be loaded: {missing} can't be imported",
        remedy="install deid again with its dependencies: pip install --force-reinstall deid-dicom",
    )
