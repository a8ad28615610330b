"""The fonts that the reader of small print learns from, and those that it is measured on: Debian packages.

None is shipped, and none is one that `make bench-pixels` writes with: no DejaVu or Vera, no Aileron, no Courier of X11.
"""

from __future__ import annotations

import gzip
import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PIL import ImageFont

if TYPE_CHECKING:
    from pathlib import Path

OUTLINE_SIZES = range(7, 16)
"""Nominal heights in pixels of fonts that can be drawn in any size."""
_BITMAP_SIZES = range(5, 21)


@dataclass(frozen=True, slots=True)
class Source:
    """A Debian package, its licence, and which of its files are used."""

    package: str
    licence: str
    files: str
    """A pattern that the names of the files match as a whole."""
    held_out: bool = False


SOURCES = (
    Source("xfonts-base", "public domain, MIT", r"([4-9]x\d+|10x20)[BO]?\.pcf\.gz|cl[RB]\dx\d+\.pcf\.gz"),
    Source(
        "xfonts-75dpi", "MIT, Adobe and Bitstream's X11 licences", r"(helv|ncen|tim|char|lu|lub)[RBS]+(08|1\d)\.pcf\.gz"
    ),
    Source("xfonts-100dpi", "the same", r"(helv|ncen|tim|char|lu|lub)[RBS]+(08|10)\.pcf\.gz"),
    Source("xfonts-terminus", "OFL-1.1", r"ter-u1\d[nb]_unicode\.pcf\.gz"),
    Source("fonts-liberation", "OFL-1.1", r"Liberation(Mono|Sans|SansNarrow|Serif)-(Regular|Bold)\.ttf"),
    Source("fonts-roboto-unhinted", "Apache-2.0", r"Roboto(Condensed)?-(Regular|Bold|Medium)\.ttf"),
    Source("fonts-open-sans", "Apache-2.0", r"OpenSans-(Regular|Semibold|CondBold)\.ttf"),
    Source(
        "fonts-urw-base35",
        "AGPL-3 with font exception",
        r"(Nimbus\w+|URWGothic|C059|P052)-(Regular|Roman|Bold|Book|Demi)\.t1",
    ),
    Source("fonts-lato", "OFL-1.1", r"Lato-(Regular|Bold)\.ttf"),
    Source("fonts-inconsolata", "OFL-1.1", r"Inconsolata\.otf"),
    Source("fonts-cantarell", "OFL-1.1", r"Cantarell-(Regular|Bold)\.otf"),
    Source("fonts-firacode", "OFL-1.1", r"FiraCode-(Regular|Bold)\.ttf"),
    Source("fonts-crosextra-carlito", "OFL-1.1", r"Carlito-(Regular|Bold)\.ttf"),
    Source("fonts-noto-mono", "OFL-1.1", r"NotoMono-Regular\.ttf"),
    Source("xfonts-jmk", "GPL-2", r"(neep|modd)-iso8859-1-0[5-8]x\d+(-bold)?\.pcf\.gz", held_out=True),
    Source("xfonts-75dpi", "Bigelow & Holmes's X11 licence", r"lut[RB]S(08|1[0-4])\.pcf\.gz", held_out=True),
    Source("fonts-b612", "OFL-1.1", r"B612(Mono)?-(Regular|Bold)\.otf", held_out=True),
    Source("fonts-jetbrains-mono", "OFL-1.1", r"JetBrainsMono-(Regular|Bold)\.ttf", held_out=True),
)


@dataclass(frozen=True, slots=True)
class Face:
    """One file of a font, and the sizes that it can be drawn in."""

    path: Path
    sizes: tuple[int, ...]
    bitmap: bool


def fetch(folder: Path) -> None:
    """Unpack the packages below a folder, without installing them; those that are there already stay."""
    for package in sorted({source.package for source in SOURCES}):
        target = folder / package
        if target.is_dir():
            continue
        target.mkdir(parents=True)
        subprocess.run(["apt-get", "download", package], check=True, cwd=target)  # noqa: S603, S607 - constants
        for archive in target.glob("*.deb"):
            subprocess.run(["dpkg", "-x", archive, target], check=True)  # noqa: S603, S607 - ours
            archive.unlink()
        shutil.rmtree(target / "usr/share/doc", ignore_errors=True)


def faces(folder: Path, *, held_out: bool) -> list[Face]:
    """The faces to learn from, or those to measure on, in an order of their own.

    Raises:
        FileNotFoundError: a package has none of the files that it should have.
    """
    found = []
    for source in SOURCES:
        if source.held_out != held_out:
            continue
        paths = sorted(path for path in (folder / source.package).rglob("*") if re.fullmatch(source.files, path.name))
        made = [face for path in paths if (face := _face(path)) is not None]
        if not made:
            raise FileNotFoundError(f"{source.package} holds nothing like {source.files}")
        found += made
    return found


def _face(path: Path) -> Face | None:
    if not path.name.endswith(".pcf.gz"):
        return Face(path, tuple(OUTLINE_SIZES), bitmap=False)
    sizes = []
    for size in _BITMAP_SIZES:
        try:
            font(path, size)
        except OSError:
            continue
        sizes.append(size)
    return Face(path, tuple(sizes), bitmap=True) if sizes else None


@lru_cache(maxsize=2048)
def font(path: Path, size: int) -> Any:  # noqa: ANN401 - either of Pillow's types
    """A font in a size in pixels.

    Raises:
        OSError: the file has no such size.
    """
    data = path.read_bytes()
    stream = io.BytesIO(gzip.decompress(data) if path.suffix == ".gz" else data)
    return ImageFont.truetype(stream, size, layout_engine=ImageFont.Layout.BASIC)  # no ligatures
