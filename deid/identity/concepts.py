"""Content items that say what an attribute says: an item `Subject ID` is the Patient ID in other words.

The concept names are those of PS3.16: observer and subject contexts (TID 1001 to 1010), participants and devices
(TID 1020, 1021), specimens (TID 8001), patient characteristics. The sex isn't among them: its codes have no dummy, and
a code item needs one.
"""

from __future__ import annotations

from typing import Final

_CONCEPTS: Final = {
    "PersonName": "DCM:121008 DCM:113870 DCM:121152 DCM:128774 DCM:128775 DCM:113871 DCM:113872",
    "InstitutionName": "DCM:121009 DCM:113873",
    "StationName": "DCM:121013 DCM:121193 DCM:113877 DCM:110119 DCM:122143",
    "DeviceSerialNumber": "DCM:121016 DCM:121196 DCM:113880 DCM:121148",
    "UniqueDeviceIdentifier": "DCM:121000",
    "PerformedLocation": "DCM:121017 DCM:121197 DCM:121121 DCM:121434",
    "PlacerOrderNumberImagingServiceRequest": "DCM:121020",
    "FillerOrderNumberImagingServiceRequest": "DCM:121021",
    "AccessionNumber": "DCM:121022 DCM:121040",
    "PatientName": "DCM:121029 DCM:121036",
    "PatientID": "DCM:121030",
    "PatientBirthDate": "DCM:121031 LN:21112-8",
    "PatientAge": "DCM:121033 LN:30525-0",
    "PatientWeight": "SCT:27113001 LN:29463-7 LN:3141-9",
    "PatientSize": "SCT:50373000 LN:8302-2",
    "SpecimenIdentifier": "DCM:121041 DCM:121043 DCM:111705",
    "ContainerIdentifier": "DCM:111700",
}
KEYWORDS: Final = {
    (concept.partition(":")[0], concept.partition(":")[2]): keyword
    for keyword, concepts in _CONCEPTS.items()
    for concept in concepts.split()
}
"""The attribute that says the same, for the coding scheme designator and the value of a concept name."""
