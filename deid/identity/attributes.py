"""Which attributes hold identifying values, and of what kind.

Every attribute of VR PN counts as a person's name; the others are named here. Taken from Table E.1-1 of PS3.15: those
whose values may well stand elsewhere too, in descriptions, private attributes or the pixels. Military Rank, sex, race
and the like are removed by their own rules, but searching for `M` or `CAPTAIN` everywhere would only do harm.
"""

from __future__ import annotations

from typing import Final

from deid.attributes.keywords import tag_of
from deid.identity.known_values import ValueKind

_KEYWORDS: Final[dict[ValueKind, str]] = {
    ValueKind.PATIENT_NAME: "PatientName OtherPatientNames PatientBirthName PatientMotherBirthName",
    ValueKind.PATIENT_ID: "PatientID OtherPatientIDs MedicalRecordLocator ClinicalTrialSubjectID",
    ValueKind.IDENTIFIER: (
        "AccessionNumber StudyID AdmissionID ServiceEpisodeID RequestedProcedureID ScheduledProcedureStepID "
        "PerformedProcedureStepID PlacerOrderNumberProcedure FillerOrderNumberProcedure "
        "PlacerOrderNumberImagingServiceRequestRetired FillerOrderNumberImagingServiceRequestRetired "
        "PlacerOrderNumberImagingServiceRequest FillerOrderNumberImagingServiceRequest "
        "InsurancePlanIdentification SpecimenAccessionNumber SpecimenIdentifier ContainerIdentifier "
        "ClinicalTrialSubjectReadingID "
        "StationName PerformedStationName ScheduledStationName"
    ),
    ValueKind.BIRTH_DATE: "PatientBirthDate PatientBirthDateInAlternativeCalendar",
    ValueKind.DATE: (
        "StudyDate SeriesDate AcquisitionDate ContentDate InstanceCreationDate AcquisitionDateTime "
        "PerformedProcedureStepStartDate PerformedProcedureStepEndDate ScheduledProcedureStepStartDate "
        "ScheduledProcedureStepEndDate AdmittingDate DischargeDate StudyVerifiedDate StudyReadDate "
        "IssueDateOfImagingServiceRequest ScheduledStudyStartDate DateOfSecondaryCapture "
        "PatientDeathDateInAlternativeCalendar LastMenstrualDate"
    ),
    ValueKind.AGE: "PatientAge",
    ValueKind.INSTITUTION: (
        "InstitutionName InstitutionalDepartmentName ResponsibleOrganization HumanPerformerOrganization "
        "VerifyingOrganization RequestingService ClinicalTrialSiteName ClinicalTrialCoordinatingCenterName "
        "CurrentPatientLocation PatientInstitutionResidence StudyIDIssuer IssuerOfPatientID IssuerOfAdmissionID"
    ),
    ValueKind.ADDRESS: (
        "PatientAddress InstitutionAddress ReferringPhysicianAddress PersonAddress AddressTrial DistributionAddress "
        "RegionOfResidence"
    ),
    ValueKind.CONTACT: (
        "PatientTelephoneNumbers PatientTelecomInformation ReferringPhysicianTelephoneNumbers PersonTelephoneNumbers "
        "PersonTelecomInformation OrderCallbackPhoneNumber OrderCallbackTelecomInformation TelephoneNumberTrial"
    ),
}

_CODED: Final[dict[str, tuple[ValueKind, ValueKind]]] = {
    "PersonIdentificationCodeSequence": (ValueKind.IDENTIFIER, ValueKind.PERSON_NAME),
    "VerifyingObserverIdentificationCodeSequence": (ValueKind.IDENTIFIER, ValueKind.PERSON_NAME),
    "InstitutionCodeSequence": (ValueKind.IDENTIFIER, ValueKind.INSTITUTION),
}
"""Code sequences that name somebody: the kinds of Code Value and of Code Meaning in them."""

_NAME_TO_USE: Final = 0x00100012  # newer than pydicom's dictionary
_CODE_VALUE: Final = 0x00080100
_CODE_MEANING: Final = 0x00080104


_KINDS: Final = {tag_of(keyword): kind for kind, keywords in _KEYWORDS.items() for keyword in keywords.split()} | {
    _NAME_TO_USE: ValueKind.PATIENT_NAME
}
_CODED_KINDS: Final = {
    (tag_of(sequence), code): kind
    for sequence, kinds in _CODED.items()
    for code, kind in zip((_CODE_VALUE, _CODE_MEANING), kinds, strict=True)
}


def kind_of(tag: int, vr: str, sequence: int) -> ValueKind | None:
    """The kind of value that an attribute holds, None if it identifies nobody.

    Args:
        tag: The attribute.
        vr: Its VR.
        sequence: The tag of the sequence in whose item it stands, 0 at the top.
    """
    kind = _KINDS.get(tag) or _CODED_KINDS.get((sequence, tag))
    return kind or (ValueKind.PERSON_NAME if vr == "PN" else None)
