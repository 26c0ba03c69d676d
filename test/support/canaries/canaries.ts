/** Values that nobody else has: whoever finds one where it should not be has found a leak. All of them are made up. */
export const canaries = {
  // Names of persons.
  patientName: 'Canarini^Aurelia^Quince',
  upstreamName: 'Zzyzxford^Beatrix=Цзызкс^Беатрикс',
  accentedName: 'Kükenvögel^Jörg-Änne',
  cyrillicName: 'Канарейкина^Анна^Павловна',
  japaneseName: 'カナリア^花子=かなりあ^はなこ',
  quotedName: 'O\'Finch"^Ada\\Lou',
  markedName: 'Finch & Söhne <Tilda>',
  userName: 'Dr. Goldammer, Wilhelmina',
  // Names that a document can hold.
  operationName: 'Siskin_Eleonora_Operation',
  aliasName: 'Siskin_Ottilie_Alias',
  variableName: 'Siskin_Friederike_Variable',
  fieldName: 'Siskin_Rosalinde_Field',
  // Identifiers of patients and of users.
  patientId: 'PID-CNRY-0017/44',
  upstreamPatientId: 'QX9-CANARY-7731',
  confinedPatientId: 'MRN+55 CANARY 902',
  literalPatientId: 'literal-canary-pid-61',
  email: 'aurelia.canarini@finch.example',
  fhirUser: 'Practitioner/canary-prac-551',
  tokenId: 'jti-canary-81-ac07',
  subject: 'subject-canary-4402',
  // Dates and times.
  birthDate: '19031117',
  studyDate: '18991224',
  filterDate: '18970613',
  studyTime: '031415.926535',
  // Accession numbers and study ids.
  accessionNumber: 'ACCN-77120-CNRY',
  upstreamAccession: 'ACC.UP.90210.CNRY',
  studyId: 'STID-CNRY-3',
  upstreamStudyId: 'ST-UP-CNRY-8',
  // UIDs and ids of image sets.
  studyUid: '1.2.826.0.1.3680043.9.7719.42.11',
  seriesUid: '1.2.826.0.1.3680043.9.7719.42.11.5',
  upstreamStudyUid: '2.25.329800735698586629295641978511506172918',
  upstreamSeriesUid: '2.25.117201893377345103388273361552209384411',
  imageSetId: 'cnry0a1b2c3d4e5f60718293a4b5c6d7',
  // Tokens and secrets.
  upstreamToken: 'AAMA-canary-next-token-EFRSQ',
  bearerToken: 'canary-bearer-token.QkFE.c2lnbmF0dXJl',
  cookie: 'session=canary-cookie-71fe',
  cursor: 'canary-cursor-that-is-none',
  // Free text, as clients, proxies and upstream send it.
  description: 'Fraktur nach Sturz, Canarini',
  userAgent: 'CanaryViewer/7 (workstation of A. Canarini)',
  path: 'finch-record-of-canarini',
} as const;

export type CanaryName = keyof typeof canaries;
