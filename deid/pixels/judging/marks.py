"""Technologists' marks: two or three capitals beside a side marker, or alone on a radiograph: `R JT`, `LT MR`.

They identify whoever made the image, and through them time and place. Elsewhere `MR` and `OA` are clinical, and so are
some beside a side in ultrasound (`RT OV`); beside a side only what is listed here says how, or of what, the image was
made. The side itself stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deid.pixels.ocr.sides import SHORTEST, SIDE_AND_WORD, SIDES, has_side
from deid.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.pixels.judging.rows import Row
    from deid.pixels.ocr.line import TextLine
    from deid.plan import Box

RADIOGRAPHY = frozenset({"CR", "DX", "MG", "RF", "XA", "RG", "IO", "PX"})
"""Values of Modality (0008,0060) of images with lead markers or their like."""
REASON = "technologist's mark"
_VIEWS = """
    AP PA LAT LL RL OBL OB LAO RAO LPO RPO LLD RLD DEC AX AXL AXI TAN INF SUP AC SC CC ML LM LMO MLO SIO XCC TL SUN SMV
    OM FLX EXT INT IR ER ROT NEU EXP INS SIT STD STA WB NWB PRE POS VAL VD DV SI HIP ARM LEG TOE RIB JAW EAR EYE KUB CXR
    AXR ABD PEL CSP TSP LSP SIJ ACJ KN FT HD WR ANK ELB MAG NOTCH SUNRISE BENDING VARUS VALGUS
"""
"""How the part on a side was taken, and which: what stands beside the side on a radiograph."""
_MAMMOGRAPHY = "CC ML LM XCC MLO SIO ISO TAN"
"""Views of mammography (PS3.16 CID 4014, CID 4015) that are written with their side as one word: `RCC`, `LML`."""
_ALONE = """
    LIH DAP AVG SCI IS DP PD CV AT GH FB OF PNS STN TMJ UP DN DWN STA PUL OPN CLO CHN CS TS LS NG ET
    LCA RCA LAD LCX DSA SUB IVC SVC HSG IVU IVP UGI LGI SBS ESO CVC NGT ETT MED BIL EOS
    II III IV VI VII KV KVP MA MAS SID SOD CM MM IN SEC MIN HR HRS AM PM ED ICU CCU OR HFS FFS HFP FFP POR MOB CT US
"""
"""What stands elsewhere on a radiograph."""
_ELSEWHERE = """
    AP PA AX AXL SAG COR TRA TRV TRX TX FS GAD HFS FFS HFP FFP LAO RAO LPO RPO ANT POS LAT MED MIP MPR VRT IV LL
    RL OBL INF OV KD KID BR TH LN BA VA PV HV SV IJ AO CM MM HIP ARM LEG EYE EAR UQ UOQ LOQ UIQ LIQ
    CF SF CFA CFV SFA SFV CCA ICA ECA EIA IIA CIA GSV SSV IJV
    POP PTA PTV ATA LOB LO AXI OVA UTA MCA ACA PCA SUB SCV SCA ADN ADX SAX LAX TRANS LONG SUP MLO CC DYN
"""
"""What stands beside a side on other images: planes, positions, organs and vessels. A chamber of the heart has its side
in its name."""
_SIDED_VIEWS = frozenset(side + view for side in "RL" for view in _MAMMOGRAPHY.split())
_BESIDE_ON_RADIOGRAPH = frozenset(_VIEWS.split()) | _SIDED_VIEWS
_NO_MARKS = frozenset(f"{_VIEWS} {_ALONE}".split()) | _SIDED_VIEWS
_BESIDE_ELSEWHERE = frozenset(_ELSEWHERE.split())
_WORD = re.compile(r"[A-Z]+")
_NO_CAPITALS = re.compile(r"[a-z0-9]")
_SIDE_AND_LETTER = re.compile(r"([A-Z]{1,5}) ([A-Za-z])")
_LONGEST = 3
_WELL_READ = 0.9
_SURELY_PRINT, _AS_LARGE = 0.8, 1.4
_NEAR = 0.9
"""Of the height of the smaller line: as far as a mark stands from its side."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in the text of a row."""

    span: Span
    line: tuple[int, int] | None = None
    """Where in the row the line stands of which the rest is the side, which stays."""


def marks_in(rows: Sequence[Row], *, radiograph: bool) -> list[Mark | None]:
    """For each row of a frame the mark in it.

    Args:
        rows: All rows of the frame.
        radiograph: Lone capitals are marks, and beside a side there are few other words.
    """
    sides = side_boxes(rows)
    return [_mark(row, sides, radiograph=radiograph) for row in rows]


def side_boxes(rows: Sequence[Row]) -> list[Box]:
    """Where in a frame a side stands alone."""
    return [line.box for row in rows for line in row.lines if line.text.strip(" .:") in SIDES]


def says_how(text: str, *, radiograph: bool) -> bool:
    """Whether a row says only how, or of what, the image was made: `INT ROT`, `CSP`; elsewhere beside a side: `RT OV`.

    Two letters alone can be the initials of a technologist as well.
    """
    everything = text.split()
    words = [word for word in everything if word not in SIDES]
    if not radiograph:
        return 0 < len(words) < len(everything) and _BESIDE_ELSEWHERE.issuperset(words)
    if len(words) == 1:
        return len(words[0]) >= _LONGEST and words[0] in _NO_MARKS
    return bool(words) and _BESIDE_ON_RADIOGRAPH.issuperset(words)


def is_unread_mark(line: TextLine, sides: Sequence[Box]) -> bool:
    """Whether what could not be read is surely print, and no longer than a mark, of the size of a side beside it."""
    if line.detection_score < _SURELY_PRINT or len(line.text.strip()) > _LONGEST:
        return False
    high = line.box.y1 - line.box.y0
    return any(
        max(high, side.y1 - side.y0) <= _AS_LARGE * min(high, side.y1 - side.y0) and _is_beside(line.box, side)
        for side in sides
    )


def with_mark(spans: Sequence[Span], mark: Mark | None) -> list[Span]:
    """The spans of a row, with its mark; the side beside it is no initial."""
    if mark is None:
        return list(spans)
    long = mark.span.end - mark.span.start > _LONGEST
    if long and not any(span.start < mark.span.end and span.end > mark.span.start for span in spans):
        return list(spans)  # a word of four or five letters that is vouched for
    if mark.line is None or any(span.kind == "known" for span in spans):
        return [*spans, mark.span]
    return [*(part for span in spans for part in _outside(span, *mark.line)), mark.span]


def _outside(span: Span, start: int, end: int) -> Iterator[Span]:
    """What of a span lies before and behind a range: a name beside the side goes on into it, `SMITH MD R JT`."""
    if span.start < start:
        yield replace(span, end=min(span.end, start))
    if span.end > end:
        yield replace(span, start=max(span.start, end))


def _is_marked_side(line: TextLine) -> bool:
    """Whether a line is a side and a short word beside it, of which but one letter may have been read, and badly."""
    match = _SIDE_AND_LETTER.fullmatch(line.text)
    is_half_read = match is not None and match[1] in SIDES and match[2].upper() not in SIDES
    return has_side(line.text) or (is_half_read and line.score < _WELL_READ)


def _mark(row: Row, sides: Sequence[Box], *, radiograph: bool) -> Mark | None:
    vouched = _BESIDE_ON_RADIOGRAPH if radiograph else _BESIDE_ELSEWHERE
    for line, start in zip(row.lines, row.starts, strict=True):
        match = SIDE_AND_WORD.fullmatch(line.text) if _is_marked_side(line) else None
        if match is not None:
            word = 2 if match[1] in SIDES else 1
            if match[word].upper() not in vouched:
                span = _span(match.start(word) + start, match.end(word) + start)
                return Mark(span, (start, start + len(line.text)))
            continue
        short = line.text.upper()  # two round letters upside down are read as small ones
        if _is_short(short) and short not in vouched | SIDES and any(_is_beside(line.box, side) for side in sides):
            return Mark(_span(start, start + len(short)))
    joined = SIDE_AND_WORD.fullmatch(row.text) if has_side(row.text) else None
    if joined is not None:
        word = 2 if joined[1] in SIDES else 1
        return None if joined[word].upper() in vouched else Mark(_span(*joined.span(word)), (0, len(row.text)))
    return next(_lone(row.text), None) if radiograph else None


def _lone(text: str) -> Iterator[Mark]:
    words = [match for match in _WORD.finditer(text) if match.group() not in SIDES]
    if len(words) != 1 or _NO_CAPITALS.search(text):
        return
    word = words[0].group()
    if _is_short(word) and word not in _NO_MARKS:
        yield Mark(_span(*words[0].span()))


def _span(start: int, end: int) -> Span:
    return Span(start, end, "name", REASON, 0.6)


def _is_short(word: str) -> bool:
    """Longer ones are no clinical abbreviations, and go unless they are words."""
    return SHORTEST <= len(word) <= _LONGEST and _WORD.fullmatch(word) is not None


def _is_beside(box: Box, side: Box) -> bool:
    """Whether a line stands beside, above or below a side marker."""
    near = _NEAR * min(box.x1 - box.x0, box.y1 - box.y0, side.x1 - side.x0, side.y1 - side.y0)
    across = max(box.x0, side.x0) - min(box.x1, side.x1)
    down = max(box.y0, side.y0) - min(box.y1, side.y1)
    return (across <= near and down < 0) or (down <= near and across < 0)
