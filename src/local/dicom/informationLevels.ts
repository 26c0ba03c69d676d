import { dictionaryEntry } from './dictionary.ts';

/** The entity of the DICOM information model that an attribute describes (PS3.3 A.1.2). */
export type InformationLevel = 'patient' | 'study' | 'series' | 'instance';

/** Keywords of modules in PS3.3. An attribute of no module here describes the instance. */
const modules: [InformationLevel, string][] = [
  // C.7.1.1 Patient
  [
    'patient',
    `PatientName PatientID IssuerOfPatientID TypeOfPatientID IssuerOfPatientIDQualifiersSequence
    SourcePatientGroupIdentificationSequence GroupOfPatientsIdentificationSequence ReferencedPatientSequence
    ReferencedPatientPhotoSequence PatientBirthDate PatientBirthDateInAlternativeCalendar
    PatientDeathDateInAlternativeCalendar PatientAlternativeCalendar PatientBirthTime PatientSex
    QualityControlSubject OtherPatientNames OtherPatientIDs OtherPatientIDsSequence EthnicGroup PatientComments
    PatientSpeciesDescription PatientSpeciesCodeSequence PatientBreedDescription PatientBreedCodeSequence
    BreedRegistrationSequence StrainDescription StrainNomenclature StrainCodeSequence StrainAdditionalInformation
    StrainStockSequence GeneticModificationsSequence ResponsiblePerson ResponsiblePersonRole
    ResponsibleOrganization PatientIdentityRemoved DeidentificationMethod DeidentificationMethodCodeSequence
    PatientBirthName PatientMotherBirthName PatientAddress PatientTelephoneNumbers PatientReligiousPreference
    PatientPrimaryLanguageCodeSequence CountryOfResidence RegionOfResidence MilitaryRank BranchOfService`,
  ],
  // C.7.1.3 Clinical Trial Subject
  [
    'patient',
    `ClinicalTrialSponsorName ClinicalTrialProtocolID ClinicalTrialProtocolName ClinicalTrialSiteID
    ClinicalTrialSiteName ClinicalTrialSubjectID ClinicalTrialSubjectReadingID
    ClinicalTrialProtocolEthicsCommitteeName ClinicalTrialProtocolEthicsCommitteeApprovalNumber`,
  ],
  // C.7.2.1 General Study
  [
    'study',
    `StudyInstanceUID StudyDate StudyTime ReferringPhysicianName ReferringPhysicianIdentificationSequence
    ConsultingPhysicianName ConsultingPhysicianIdentificationSequence StudyID AccessionNumber
    IssuerOfAccessionNumberSequence StudyDescription PhysiciansOfRecord
    PhysiciansOfRecordIdentificationSequence NameOfPhysiciansReadingStudy
    PhysiciansReadingStudyIdentificationSequence RequestingService RequestingServiceCodeSequence
    ReferencedStudySequence ProcedureCodeSequence ReasonForPerformedProcedureCodeSequence
    ModalitiesInStudy NumberOfStudyRelatedSeries NumberOfStudyRelatedInstances StudyStatusID
    StudyVerifiedDate StudyVerifiedTime StudyReadDate StudyReadTime RequestingPhysician`,
  ],
  // C.7.2.2 Patient Study
  [
    'study',
    `AdmittingDiagnosesDescription AdmittingDiagnosesCodeSequence PatientAge PatientSize PatientWeight
    PatientBodyMassIndex MeasuredAPDimension MeasuredLateralDimension PatientSizeCodeSequence MedicalAlerts
    Allergies SmokingStatus PregnancyStatus LastMenstrualDate PatientState Occupation AdditionalPatientHistory
    AdmissionID IssuerOfAdmissionID IssuerOfAdmissionIDSequence ServiceEpisodeID
    IssuerOfServiceEpisodeIDSequence ServiceEpisodeDescription PatientSexNeutered ReasonForVisit
    ReasonForVisitCodeSequence`,
  ],
  // C.7.2.3 Clinical Trial Study
  [
    'study',
    `ClinicalTrialTimePointID ClinicalTrialTimePointDescription ClinicalTrialTimePointTypeCodeSequence
    LongitudinalTemporalOffsetFromEvent LongitudinalTemporalEventType ConsentForClinicalTrialUseSequence`,
  ],
  // C.7.3.1 General Series
  [
    'series',
    `Modality SeriesInstanceUID SeriesNumber Laterality SeriesDate SeriesTime PerformingPhysicianName
    PerformingPhysicianIdentificationSequence ProtocolName SeriesDescription SeriesDescriptionCodeSequence
    OperatorsName OperatorIdentificationSequence ReferencedPerformedProcedureStepSequence
    RelatedSeriesSequence BodyPartExamined PatientPosition SmallestPixelValueInSeries
    LargestPixelValueInSeries RequestAttributesSequence PerformedProcedureStepID
    PerformedProcedureStepStartDate PerformedProcedureStepStartTime PerformedProcedureStepEndDate
    PerformedProcedureStepEndTime PerformedProcedureStepDescription PerformedProtocolCodeSequence
    CommentsOnThePerformedProcedureStep AnatomicalOrientationType TreatmentSessionUID
    NumberOfSeriesRelatedInstances`,
  ],
  // C.7.3.2 Clinical Trial Series; C.7.4.1 Frame of Reference; C.7.5.1 General Equipment: one of each per series
  [
    'series',
    `ClinicalTrialCoordinatingCenterName ClinicalTrialSeriesID ClinicalTrialSeriesDescription
    FrameOfReferenceUID PositionReferenceIndicator Manufacturer InstitutionName InstitutionAddress
    StationName InstitutionalDepartmentName InstitutionalDepartmentTypeCodeSequence ManufacturerModelName
    ManufacturerDeviceClassUID DeviceSerialNumber SoftwareVersions GantryID DeviceUID
    SpatialResolution DateOfLastCalibration TimeOfLastCalibration PixelPaddingValue`,
  ],
];

const levels = new Map(
  modules.flatMap(([level, keywords]) =>
    keywords.split(/\s+/).map((keyword): [string, InformationLevel] => [keyword, level]),
  ),
);

/** C.8.9.1 PET Series, C.8.9.2 PET Isotope: images of other modalities have some of these too, each its own. */
const ofPetSeries: ReadonlySet<string> = new Set(
  `Units CountsSource SeriesType ReprojectionMethod NumberOfRRIntervals NumberOfTimeSlots NumberOfTimeSlices
    NumberOfSlices NumberOfRotations RandomsCorrectionMethod AttenuationCorrectionMethod ScatterCorrectionMethod
    DecayCorrection ReconstructionDiameter ConvolutionKernel ReconstructionMethod DetectorLinesOfResponseUsed
    AcquisitionStartCondition AcquisitionStartConditionData AcquisitionTerminationCondition
    AcquisitionTerminationConditionData FieldOfViewShape FieldOfViewDimensions GantryDetectorTilt
    GantryDetectorSlew TypeOfDetectorMotion CollimatorType CollimatorGridName AxialAcceptance AxialMash
    TransverseMash DetectorElementSize CoincidenceWindowWidth EnergyWindowRangeSequence
    RadiopharmaceuticalInformationSequence InterventionDrugInformationSequence`.split(/\s+/),
);

const petImageStorage: ReadonlySet<string> = new Set(
  ['128', '128.1', '130'].map((end) => `1.2.840.10008.5.1.4.1.1.${end}`),
);

/**
 * Whether the instance is of PET, whose series have attributes that elsewhere belong to each image.
 * @param sopClassUid of the instance, or its modality, as text
 */
export function isPet({
  sopClassUid,
  modality,
}: {
  readonly sopClassUid?: unknown;
  readonly modality?: unknown;
}): boolean {
  return modality === 'PT' || (typeof sopClassUid === 'string' && petImageStorage.has(sopClassUid));
}

/**
 * @param tag eight upper-case hexadecimal digits; private attributes describe the instance
 * @param ofPet whether the instance is of PET
 */
export function levelOf(tag: string, ofPet = false): InformationLevel {
  return levelOfKeyword(dictionaryEntry(tag)?.keyword ?? '', ofPet);
}

export function levelOfKeyword(keyword: string, ofPet: boolean): InformationLevel {
  if (ofPetSeries.has(keyword)) return ofPet ? 'series' : 'instance';
  return levels.get(keyword) ?? 'instance';
}
