"""The VRs by what they hold (PS3.5 6.2)."""

from __future__ import annotations

from typing import Final

WORD_VRS: Final = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
"""Words that people write, in the declared character set."""
TEXT_VRS: Final = WORD_VRS | {"UR"}
"""Texts that people write: any of them may name someone."""
CODE_VRS: Final = frozenset({"AE", "CS"})
NUMBER_STRING_VRS: Final = frozenset({"DS", "IS"})
DATE_VRS: Final = frozenset({"DA", "DT"})
TEMPORAL_VRS: Final = DATE_VRS | {"AS", "TM"}
STRING_VRS: Final = TEXT_VRS | CODE_VRS | NUMBER_STRING_VRS | TEMPORAL_VRS | {"UI"}
CHARACTER_SET_VRS: Final = WORD_VRS | CODE_VRS
"""VRs read by Specific Character Set. Codes should be in the default repertoire, but files have umlauts in them."""
SINGLE_VALUED_VRS: Final = frozenset({"LT", "ST", "UR", "UT"})
"""Strings in which a backslash is no separator."""
BINARY_SIZES: Final = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "UV": 8, "SV": 8, "FL": 4, "FD": 8, "AT": 4}
"""Bytes of one binary value."""
BULK_VRS: Final = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
