"""UIDs replaced wherever they stand: in UI, and in the texts and bytes in which private attributes write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.attributes.vrs import BULK_VRS, TEXT_VRS
from deid.header.values import joined
from deid.identity.pseudonym import is_valid_uid, new_uid
from deid.plan import Change, Empty, Replace

if TYPE_CHECKING:
    from deid.header.situation import Situation
    from deid.identity.key import Key

_PADDING = " \0"
_ROOMY_TEXTS = TEXT_VRS - {"SH"}
"""VRs with room for the 64 characters of a UID."""

_IN_TEXT = re.compile(r"(?<![\w.])(?=[0-9.]{24})[0-2](?:\.(?:0|[1-9][0-9]*)){4,}(?!\w)")
"""Of 24 characters or more: shorter ones may be versions."""


def uids_replaced(text: str, key: Key) -> str:
    """A text with each UID in it replaced by the key's; those that the standard registers stay."""

    def replaced(match: re.Match[str]) -> str:
        return new_uid(key, match[0]) if is_valid_uid(match[0]) else match[0]

    return _IN_TEXT.sub(replaced, text)


def new_uids(situation: Situation) -> Change | None:
    """Each UID of the value replaced by the key's; empty when it holds none; None when it holds something else."""
    if situation.vr == "UI":
        return _replaced([uid.strip(_PADDING) for uid in situation.texts or ()], situation)
    if situation.vr in _ROOMY_TEXTS:
        texts = [text.strip(_PADDING) for text in situation.texts or ()]
        return _replaced(texts, situation) if any(texts) and all(map(_is_uid_or_blank, texts)) else None
    return _in_bytes(situation) if situation.vr in BULK_VRS else None


def _replaced(uids: list[str], situation: Situation) -> Change:
    if not any(uids):
        return Empty()
    return Replace(joined([new_uid(situation.setting.key, uid) if uid else "" for uid in uids]))


def _in_bytes(situation: Situation) -> Change | None:
    text = (situation.attribute.data or b"").decode("latin-1").strip(_PADDING)
    if not is_valid_uid(text) or "." not in text:
        return None
    uid = new_uid(situation.setting.key, text).encode("ascii")
    return Replace(uid + b"\0" * (len(uid) % 2))


def _is_uid_or_blank(text: str) -> bool:
    return not text or (is_valid_uid(text) and "." in text)
