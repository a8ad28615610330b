"""Everything that a run writes: OUT and what waits for it, the ledger, quarantine."""
