# Every target sets itself up in .venv; nothing is installed outside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Replaces the OpenCV that paddlex asks for by the same version without windows, so that no libGL is needed.
HEADLESS_OPENCV := opencv-python-headless==4.10.0.84
TEST_WORKERS ?= 2

.PHONY: help demo test lint bench bench-header bench-pixels bench-text soak profiles vocabulary model print-model build clean

help: ## show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(READY): pyproject.toml constraints.txt hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || { echo "deid needs Python 3.11, 3.12, 3.13 or 3.14; try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info >= (3, 14))' || { command -v c++ && test -e "$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_paths()["include"])')/Python.h"; } >/dev/null || { echo "pyjpegls has no wheel for Python 3.14 yet, so it is compiled; try: apt-get install g++ python3-dev"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing; try: apt-get install python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall $(HEADLESS_OPENCV)
	@touch $@

demo: $(READY) ## de-identify the bundled example studies and show the result
	$(BIN)/python -m deid.demo demo

test: $(READY) ## run the tests
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile

lint: $(READY) ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY) ## measure speed and quality (slow; not part of the tests)
	$(BIN)/python -m tests.bench

bench-header: $(READY) ## score the tcia profile by MIDI-B's rules
	$(BIN)/python -m tests.bench.header

bench-pixels: $(READY) ## measure burned-in text: hidden, kept, exact, fast; writes docs/pixels-measured.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt mimesis==22.2.0
	$(BIN)/python -m tests.bench.pixels $(if $(REAL),--real $(REAL))

bench-text: $(READY) ## measure the decisions on text; writes docs/text-measured.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[vocabulary]' mimesis==22.2.0
	$(BIN)/python -m tests.bench.text

soak: $(READY) ## kill five hundred runs at random moments (slow; not part of the tests)
	$(BIN)/python -m tests.scenarios.soak 500

profiles: $(READY) ## write profiles/*.yaml anew from the PS3.15 tables
	$(BIN)/python -m deid.profile.generate

vocabulary: $(READY) ## derive the word and name lists anew from public sources
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[vocabulary]'
	$(BIN)/python -m deid.text.build_vocabulary

model: $(READY) ## train the NER model anew and measure it (ten minutes, offline)
	$(BIN)/python -m deid.text.training

print-model: $(READY) ## train the reader of small print anew and measure it (ten minutes; fetches fonts by apt-get)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[training]'
	$(BIN)/python -m deid.pixels.ocr.training

build: $(READY) ## build the wheel
	$(BIN)/python -m build --wheel

clean: ## remove everything that make made
	rm -rf $(VENV) dist build demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
