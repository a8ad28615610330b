"""Technologists' marks on radiographs: two or three capitals beside a side marker or alone, `R JT`, `LT MR`.

They identify whoever made the image, and through them time and place. Elsewhere `MR` and `OA` are clinical, and so may
they be beside a side in ultrasound (`RT OV`); on a radiograph only what is listed here says how it was made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

RADIOGRAPHY = frozenset({"CR", "DX", "MG", "RF", "XA", "RG", "IO", "PX"})
"""Values of Modality (0008,0060) of images with lead markers or their like."""
REASON = "technologist's mark"
_SIDES = frozenset({"L", "R", "LT", "RT", "LEFT", "RIGHT", "LFT", "RGT"})
_HOW = """
    AP PA LAT LL RL OBL OB LAO RAO LPO RPO LLD RLD DEC AX AXL AXI TAN INF SUP SI IS DP PD VD DV CV AT AC SC GH CC ML LM
    LMO MLO SIO FB XCC TL SUN SMV OM OF PNS STN TMJ FLX EXT INT IR ER ROT NEU EXP INS UP DN DWN SIT STD STA WB NWB PRE
    POS VAL PUL OPN CLO
"""
_WHAT = """
    HIP ARM LEG TOE RIB JAW EAR EYE CHN KUB CXR AXR ABD PEL CSP TSP LSP CS TS LS SIJ ACJ KN FT HD WR ANK ELB NG ET
"""
_WHERE = "KV KVP MA MAS SID CM MM IN SEC MIN HR HRS AM PM ED ICU CCU OR HFS FFS HFP FFP POR MOB CT US"
_NO_MARKS = frozenset(f"{_HOW} {_WHAT} {_WHERE}".split())
"""Projections and positions, parts of the body, how, where and when."""
_WORD = re.compile(r"[A-Z]+")


def marks_in(text: str) -> Iterator[Span]:
    """The mark in a row of a radiograph, if there is one and at most sides beside it."""
    words = [match for match in _WORD.finditer(text) if match.group() not in _SIDES]
    if len(words) == 1 and _is_mark(words[0].group()) and not re.search(r"[a-z0-9]", text):
        yield Span(*words[0].span(), "name", REASON, 0.6)


def _is_mark(word: str) -> bool:
    return 1 < len(word) <= 3 and word not in _NO_MARKS  # noqa: PLR2004 - longer ones are no clinical abbreviations
