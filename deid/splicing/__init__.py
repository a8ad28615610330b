"""The header path at byte level: what was decided, written and verified once for some bytes holds for equal bytes.

The instances of a series differ in a few attributes. What this room has not met before goes the ordinary way, in a
small instance of its own (`learning`); what it has met is spliced together from the answers (`splicer`). The pixel data
is copied, not parsed. What the reader does not know for certain (`original`), it leaves to the ordinary path.
"""

from deid.splicing.splicer import Spliced, Splicer

__all__ = ["Spliced", "Splicer"]
