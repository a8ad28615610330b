"""The attributes that `unlisted: remove` spares, as no reader can make sense of an instance without them.

They describe how the pixels are stored and shown, which class of object it is, and how it is built: Image Pixel (PS3.3
C.7.6.3), Multi-frame (C.7.6.6), Modality and VOI LUT (C.11), SOP Common (C.12.1), the code triplet (8.8). A rule on one
of them still overrides this.
"""

from __future__ import annotations

from typing import Final

from deid.attributes.keywords import tag_of

_KEYWORDS: Final = """
SpecificCharacterSet ImageType SOPClassUID Modality ConversionType BurnedInAnnotation LossyImageCompression
LossyImageCompressionRatio LossyImageCompressionMethod
CodeValue LongCodeValue URNCodeValue CodingSchemeDesignator CodingSchemeVersion CodeMeaning
PatientIdentityRemoved DeidentificationMethod DeidentificationMethodCodeSequence LongitudinalTemporalInformationModified
SeriesNumber InstanceNumber PatientOrientation Laterality ImageLaterality ViewPosition BodyPartExamined
ImagePositionPatient ImageOrientationPatient SliceThickness SpacingBetweenSlices ImagerPixelSpacing
SamplesPerPixel PhotometricInterpretation PlanarConfiguration NumberOfFrames FrameIncrementPointer Rows Columns
PixelSpacing PixelAspectRatio BitsAllocated BitsStored HighBit PixelRepresentation SmallestImagePixelValue
LargestImagePixelValue PixelPaddingValue PixelPaddingRangeLimit ColorSpace ICCProfile PixelIntensityRelationship
PixelIntensityRelationshipSign WindowCenter WindowWidth VOILUTFunction RescaleIntercept RescaleSlope RescaleType
ModalityLUTSequence VOILUTSequence LUTDescriptor LUTExplanation LUTData ModalityLUTType PresentationLUTShape
RedPaletteColorLookupTableDescriptor GreenPaletteColorLookupTableDescriptor BluePaletteColorLookupTableDescriptor
RedPaletteColorLookupTableData GreenPaletteColorLookupTableData BluePaletteColorLookupTableData
SegmentedRedPaletteColorLookupTableData SegmentedGreenPaletteColorLookupTableData
SegmentedBluePaletteColorLookupTableData
SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence PixelMeasuresSequence PlanePositionSequence
PlaneOrientationSequence FrameVOILUTSequence PixelValueTransformationSequence FrameContentSequence
FloatPixelData DoubleFloatPixelData PixelData ExtendedOffsetTable ExtendedOffsetTableLengths
"""


_READING_KEYWORDS: Final = """
SpecificCharacterSet SOPClassUID SamplesPerPixel PhotometricInterpretation PlanarConfiguration NumberOfFrames Rows
Columns BitsAllocated BitsStored HighBit PixelRepresentation
"""


STRUCTURAL_TAGS: Final = frozenset(tag_of(keyword) for keyword in _KEYWORDS.split())
READING_TAGS: Final = frozenset(tag_of(keyword) for keyword in _READING_KEYWORDS.split())
"""The attributes that say how the others are to be read: changed, they turn texts and pixels into something else.

They can only be kept: a rule that names one for anything else is an error, and wider rules pass them over.
"""
SOP_INSTANCE_UID: Final = tag_of("SOPInstanceUID")
PASSED_OVER: Final = READING_TAGS | {SOP_INSTANCE_UID}
"""What no rule changes that doesn't name it: without a UID of its own no instance can be released."""
