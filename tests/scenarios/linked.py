"""A study of instances that refer to each other in every way that PS3.3 has, small and without pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

if TYPE_CHECKING:
    from pathlib import Path

ROOT = "1.2.826.0.1.3680043.8.498."
STUDY, OTHER_STUDY = ROOT + "1", ROOT + "2"
FRAME, OTHER_FRAME, CLOCK = ROOT + "3.1", ROOT + "3.2", ROOT + "3.3"
CONCATENATION, CONCATENATED, DIMENSIONS, PALETTE = ROOT + "4.1", ROOT + "4.2", ROOT + "4.3", ROOT + "4.4"
TRACKED, FIDUCIALS, IRRADIATION = ROOT + "4.5", ROOT + "4.6", ROOT + "4.7"
CT, MR, SR, KO = "1.1.2", "1.1.4.1", "1.1.88.33", "1.1.88.59"
GSPS, SEG, ECG, REGISTRATION = "1.1.11.1", "1.1.66.4", "1.1.9.1.1", "1.1.66.1"
RTSTRUCT, RTPLAN, RTDOSE = "1.1.481.3", "1.1.481.5", "1.1.481.2"
KINDS = [CT, MR, SR, KO, GSPS, SEG, ECG, REGISTRATION, RTSTRUCT, RTPLAN, RTDOSE]


def class_uid(kind: str) -> str:
    return f"1.2.840.10008.5.1.4.{kind}"


def series_uid(kind: str) -> str:
    return f"{ROOT}10.{kind}"


def instance_uid(kind: str, number: int = 1) -> str:
    return f"{ROOT}11.{kind}.{number}"


def item(**attributes: Any) -> Dataset:
    """An item, or a data set, of these attributes; a list is a sequence of items."""
    data = Dataset()
    for keyword, value in attributes.items():
        setattr(data, keyword, Sequence(value) if isinstance(value, list) else value)
    return data


def reference(kind: str, number: int = 1, **attributes: Any) -> Dataset:
    return item(
        ReferencedSOPClassUID=UID(class_uid(kind)),
        ReferencedSOPInstanceUID=UID(instance_uid(kind, number)),
        **attributes,
    )


def in_series(kind: str, keyword: str, *numbers: int) -> Dataset:
    return item(SeriesInstanceUID=UID(series_uid(kind)), **{keyword: [reference(kind, n) for n in numbers or (1,)]})


def concept(meaning: str) -> list[Dataset]:
    return [item(CodeValue="121071", CodingSchemeDesignator="DCM", CodeMeaning=meaning)]


def instance(kind: str, number: int = 1, modality: str = "OT", **attributes: Any) -> Dataset:
    return item(
        SOPClassUID=UID(class_uid(kind)),
        SOPInstanceUID=UID(instance_uid(kind, number)),
        Modality=modality,
        PatientName="Quarterman^Jessamine",
        PatientID="PX-771-044",
        StudyInstanceUID=UID(STUDY),
        SeriesInstanceUID=UID(series_uid(kind)),
        **attributes,
    )


def images() -> list[Dataset]:
    return [
        instance(CT, number, "CT", FrameOfReferenceUID=UID(FRAME), IrradiationEventUID=UID(IRRADIATION))
        for number in (1, 2)
    ]


def concatenation() -> list[Dataset]:
    frame = item(
        ReferencedImageSequence=[reference(CT, 1), reference(CT, 2)],
        DerivationImageSequence=[item(SourceImageSequence=[reference(CT, 1)], DerivationCodeSequence=concept("sum"))],
    )
    return [
        instance(
            MR,
            number,
            "MR",
            FrameOfReferenceUID=UID(FRAME),
            ConcatenationUID=UID(CONCATENATION),
            SOPInstanceUIDOfConcatenationSource=UID(CONCATENATED),
            InConcatenationNumber=number,
            InConcatenationTotalNumber=2,
            ConcatenationFrameOffsetNumber=number - 1,
            DimensionOrganizationSequence=[item(DimensionOrganizationUID=UID(DIMENSIONS))],
            DimensionIndexSequence=[item(DimensionOrganizationUID=UID(DIMENSIONS))],
            PerFrameFunctionalGroupsSequence=[frame],
        )
        for number in (1, 2)
    ]


def reports() -> list[Dataset]:
    evidence = item(
        StudyInstanceUID=UID(STUDY),
        ReferencedSeriesSequence=[
            in_series(CT, "ReferencedSOPSequence", 1, 2),
            in_series(SEG, "ReferencedSOPSequence"),
        ],
    )
    prior = item(
        StudyInstanceUID=UID(OTHER_STUDY), ReferencedSeriesSequence=[in_series(MR, "ReferencedSOPSequence", 1, 2)]
    )
    segment = item(
        RelationshipType="CONTAINS",
        ValueType="IMAGE",
        ConceptNameCodeSequence=concept("Finding"),
        ReferencedSOPSequence=[reference(SEG, ReferencedSegmentNumber=1)],
    )
    place = item(
        RelationshipType="CONTAINS",
        ValueType="SCOORD3D",
        ConceptNameCodeSequence=concept("Place"),
        ReferencedFrameOfReferenceUID=UID(FRAME),
        GraphicType="POINT",
    )
    tracked = item(
        RelationshipType="HAS OBS CONTEXT",
        ValueType="UIDREF",
        ConceptNameCodeSequence=concept("Tracking Unique Identifier"),
        UID=UID(TRACKED),
    )
    wave = item(
        RelationshipType="CONTAINS",
        ValueType="WAVEFORM",
        ConceptNameCodeSequence=concept("Source"),
        ReferencedSOPSequence=[reference(ECG)],
    )
    content: dict[str, Any] = {"ValueType": "CONTAINER", "ConceptNameCodeSequence": concept("Report")}
    return [
        instance(
            SR,
            modality="SR",
            CurrentRequestedProcedureEvidenceSequence=[evidence],
            PertinentOtherEvidenceSequence=[prior],
            PredecessorDocumentsSequence=[
                item(StudyInstanceUID=UID(STUDY), ReferencedSeriesSequence=[in_series(SR, "ReferencedSOPSequence", 2)])
            ],
            ContentSequence=[segment, place, tracked, wave],
            **content,
        ),
        instance(SR, 2, "SR", CurrentRequestedProcedureEvidenceSequence=[evidence], **content),
        instance(
            KO,
            modality="KO",
            CurrentRequestedProcedureEvidenceSequence=[evidence],
            ContentSequence=[
                item(RelationshipType="CONTAINS", ValueType="IMAGE", ReferencedSOPSequence=[reference(CT, 2)])
            ],
            **content,
        ),
    ]


def presentation() -> Dataset:
    return instance(
        GSPS,
        modality="PR",
        ReferencedSeriesSequence=[in_series(CT, "ReferencedImageSequence", 1, 2)],
        GraphicAnnotationSequence=[item(ReferencedImageSequence=[reference(CT, 1)], GraphicLayer="ONE")],
        DisplayedAreaSelectionSequence=[item(ReferencedImageSequence=[reference(CT, 2)])],
        SoftcopyVOILUTSequence=[item(ReferencedImageSequence=[reference(CT, 1)], WindowCenter="40", WindowWidth="80")],
    )


def segmentation() -> Dataset:
    source = item(
        SourceImageSequence=[reference(CT, 1), reference(CT, 2)], DerivationCodeSequence=concept("Segmentation")
    )
    return instance(
        SEG,
        modality="SEG",
        FrameOfReferenceUID=UID(FRAME),
        ReferencedSeriesSequence=[in_series(CT, "ReferencedInstanceSequence", 1, 2)],
        DimensionOrganizationSequence=[item(DimensionOrganizationUID=UID(DIMENSIONS))],
        SegmentSequence=[item(SegmentNumber=1, SegmentLabel="lesion", TrackingID="one", TrackingUID=UID(TRACKED))],
        SharedFunctionalGroupsSequence=[item(DerivationImageSequence=[source])],
        PaletteColorLookupTableUID=UID(PALETTE),
    )


def radiotherapy() -> list[Dataset]:
    contours = item(SeriesInstanceUID=UID(series_uid(CT)), ContourImageSequence=[reference(CT, 1), reference(CT, 2)])
    study = item(
        ReferencedSOPClassUID=UID("1.2.840.10008.3.1.2.3.1"),
        ReferencedSOPInstanceUID=UID(STUDY),
        RTReferencedSeriesSequence=[contours],
    )
    contour = item(ContourImageSequence=[reference(CT, 1)], ContourGeometricType="POINT", ContourData=r"1\2\3")
    return [
        instance(
            RTSTRUCT,
            modality="RTSTRUCT",
            FrameOfReferenceUID=UID(FRAME),
            ReferencedFrameOfReferenceSequence=[
                item(
                    FrameOfReferenceUID=UID(FRAME),
                    FrameOfReferenceRelationshipSequence=[item(RelatedFrameOfReferenceUID=UID(OTHER_FRAME))],
                    RTReferencedStudySequence=[study],
                )
            ],
            StructureSetROISequence=[item(ROINumber=1, ReferencedFrameOfReferenceUID=UID(FRAME))],
            ROIContourSequence=[item(ReferencedROINumber=1, ContourSequence=[contour])],
        ),
        instance(
            RTPLAN,
            modality="RTPLAN",
            FrameOfReferenceUID=UID(FRAME),
            ReferencedStructureSetSequence=[reference(RTSTRUCT)],
            DoseReferenceSequence=[item(DoseReferenceNumber=1, DoseReferenceUID=UID(ROOT + "5.1"))],
            ReferencedDoseSequence=[reference(RTDOSE)],
        ),
        instance(
            RTDOSE, modality="RTDOSE", FrameOfReferenceUID=UID(FRAME), ReferencedRTPlanSequence=[reference(RTPLAN)]
        ),
    ]


def others() -> list[Dataset]:
    fixed = item(FrameOfReferenceUID=UID(FRAME), ReferencedImageSequence=[reference(CT, 1)])
    moving = item(FrameOfReferenceUID=UID(OTHER_FRAME), ReferencedImageSequence=[reference(MR, 1)])
    return [
        instance(
            ECG,
            modality="ECG",
            SynchronizationFrameOfReferenceUID=UID(CLOCK),
            ReferencedInstanceSequence=[reference(SR)],
        ),
        instance(
            REGISTRATION,
            modality="REG",
            FrameOfReferenceUID=UID(FRAME),
            RegistrationSequence=[fixed, moving],
            ReferencedSeriesSequence=[in_series(CT, "ReferencedInstanceSequence", 1)],
            StudiesContainingOtherReferencedInstancesSequence=[
                item(
                    StudyInstanceUID=UID(OTHER_STUDY),
                    ReferencedSeriesSequence=[in_series(MR, "ReferencedInstanceSequence", 1)],
                )
            ],
        ),
    ]


def linked_study() -> list[Dataset]:
    """All of them; those of the enhanced series belong to another study."""
    enhanced = concatenation()
    for data in enhanced:
        data.StudyInstanceUID = UID(OTHER_STUDY)
    return [*images(), *enhanced, *reports(), presentation(), segmentation(), *radiotherapy(), *others()]


def write(data: Dataset, path: Path) -> None:
    """Write one as a DICOM file."""
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    path.parent.mkdir(parents=True, exist_ok=True)
    data.save_as(path, enforce_file_format=True)
