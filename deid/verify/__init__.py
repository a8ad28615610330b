"""The last look before release: plan realised, no known value left, pixels intact outside the regions."""

from deid.verify.check import Evidence, verify

__all__ = ["Evidence", "verify"]
