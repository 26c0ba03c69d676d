// Synthetic: nobody of these exists. SAMPLE-001 to SAMPLE-016 have images among the samples that `npm start` loads into an
// empty store; the other four have none, as most patients of a hospital.

const people: readonly (readonly [name: string, ward: string | null, conclusion: string | null])[] = [
  ['Ada Sample', null, 'No pulmonary nodule. Follow-up in a year.'],
  ['Jürgen Muster', 'Neurology 2', 'No acute infarction.'],
  ['Zoë Échantillon', null, 'BI-RADS 2.'],
  ['Анна Ивановна Образец', 'Surgery 1', 'Simple hepatic cyst.'],
  ['Ελένη Δείγμα', null, 'Tear of the medial meniscus.'],
  ['ليلى عينة', null, 'Clear lungs.'],
  ['נועם דוגמה', 'Cardiology 3', 'No significant stenosis.'],
  ['มาลี ตัวอย่าง', null, 'No fracture.'],
  ['山田 太郎', 'Oncology 1', 'Stable disease.'],
  ['홍 길동', null, 'Degenerative uptake only.'],
  ['王 小东', null, 'Normal brain.'],
  ['Łucja Próba', null, 'BI-RADS 1.'],
  ['Çağla Örnek', 'Paediatrics', 'Healing fracture of the radius.'],
  ['आशा नमूना', 'Emergency', 'No intracranial bleeding.'],
  ['Robin Sample', null, 'Concurs with the outside report.'],
  ['Newborn Sample', 'Neonatology', 'Normal ventricles.'],
  ['Walk-in Sample', null, null],
  ['Visiting Sample', null, null],
  ['Waiting Sample', 'Surgery 1', null],
  ['Discharged Sample', null, null],
];

const idOf = (index: number) => `SAMPLE-${String(index + 1).padStart(3, '0')}`;

export interface Patient {
  readonly id: string;
  readonly name: string;
  readonly ward: string | null;
}

export interface Report {
  readonly id: string;
  readonly patientId: string;
  readonly studyInstanceUid: string | null;
  readonly conclusion: string;
}

/** What the hospital's own systems would answer with. */
export interface HospitalRecords {
  readonly patients: readonly Patient[];
  readonly reports: readonly Report[];
}

export const sampleRecords: HospitalRecords = {
  patients: people.map(([name, ward], index) => ({ id: idOf(index), name, ward })),
  reports: people.flatMap(([, , conclusion], index) =>
    conclusion === null
      ? []
      : [{ id: `REPORT-${index + 1}`, patientId: idOf(index), studyInstanceUid: null, conclusion }],
  ),
};
