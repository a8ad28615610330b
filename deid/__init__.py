"""deid: batch de-identification of DICOM instances, header and pixels."""

__version__ = "0.1.0"
