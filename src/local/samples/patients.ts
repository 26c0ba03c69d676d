import type { ExaminationName } from './examinations.ts';

/** A study of the department's week. */
export interface SampleStudy {
  readonly examination: ExaminationName;
  readonly daysAgo: number;
  /** HHmm, local time of the department. */
  readonly at: string;
  /** In the patient's language; default: the examination's description, in English. */
  readonly description?: string;
  readonly withoutAccessionNumber?: true;
  /** Adds an instance with a mistyped accession number to the first series. */
  readonly withConflict?: true;
}

export interface SamplePatient {
  /** Specific Character Set (0008,0005) as devices in the patient's country write it. */
  readonly characterSet: string;
  readonly name: string;
  readonly birthDate: string;
  readonly sex: 'F' | 'M' | 'O';
  readonly studies: readonly SampleStudy[];
}

/** Fictitious: most names mean "sample" in the patient's language, the others are examples of the DICOM standard. */
export const patients: readonly SamplePatient[] = [
  {
    characterSet: 'ISO_IR 100',
    name: 'Sample^Ada',
    birthDate: '19621210',
    sex: 'F',
    studies: [
      { examination: 'chestCt', daysAgo: 7, at: '0814' },
      { examination: 'chestCt', daysAgo: 1, at: '0932', description: 'CT chest follow-up' },
      { examination: 'chestRadiograph', daysAgo: 0, at: '0705' },
    ],
  },
  {
    characterSet: 'ISO_IR 100',
    name: 'Muster^Jürgen',
    birthDate: '19550402',
    sex: 'M',
    studies: [
      { examination: 'brainMr', daysAgo: 6, at: '1021', description: 'MRT Schädel' },
      { examination: 'brainMr', daysAgo: 0, at: '1040', description: 'MRT Schädel Verlaufskontrolle' },
    ],
  },
  {
    characterSet: 'ISO_IR 100',
    name: 'Échantillon^Zoë',
    birthDate: '19780815',
    sex: 'F',
    studies: [
      { examination: 'mammography', daysAgo: 4, at: '1115', description: 'Mammographie de dépistage' },
      { examination: 'breastUltrasound', daysAgo: 3, at: '1410', description: 'Échographie mammaire' },
    ],
  },
  {
    characterSet: 'ISO_IR 144',
    name: 'Образец^Анна^Ивановна',
    birthDate: '19690323',
    sex: 'F',
    studies: [
      { examination: 'abdomenCt', daysAgo: 5, at: '1302', description: 'КТ брюшной полости' },
      { examination: 'abdomenUltrasound', daysAgo: 2, at: '0850', description: 'УЗИ брюшной полости' },
    ],
  },
  {
    characterSet: 'ISO_IR 126',
    name: 'Δείγμα^Ελένη',
    birthDate: '19880519',
    sex: 'F',
    studies: [{ examination: 'kneeMr', daysAgo: 3, at: '1555', description: 'Μαγνητική γόνατος' }],
  },
  {
    characterSet: 'ISO_IR 127',
    name: 'عينة^ليلى',
    birthDate: '19910130',
    sex: 'F',
    studies: [
      { examination: 'chestRadiograph', daysAgo: 6, at: '0912', description: 'أشعة الصدر' },
      { examination: 'abdomenUltrasound', daysAgo: 6, at: '1003' },
    ],
  },
  {
    characterSet: 'ISO_IR 138',
    name: 'דוגמה^נועם',
    birthDate: '19831107',
    sex: 'M',
    studies: [{ examination: 'coronaryAngiography', daysAgo: 2, at: '0740', description: 'צנתור כלילי' }],
  },
  {
    characterSet: 'ISO_IR 166',
    name: 'ตัวอย่าง^มาลี',
    birthDate: '20010609',
    sex: 'F',
    studies: [{ examination: 'handRadiograph', daysAgo: 1, at: '1620', description: 'เอกซเรย์มือ' }],
  },
  {
    characterSet: '\\ISO 2022 IR 87',
    name: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
    birthDate: '19470211',
    sex: 'M',
    studies: [
      { examination: 'chestRadiograph', daysAgo: 7, at: '0900', description: '胸部正面' },
      { examination: 'wholeBodyPet', daysAgo: 5, at: '1000', description: '全身 PET/CT' },
      { examination: 'chestCt', daysAgo: 0, at: '0828', description: '胸部CT 経過観察' },
    ],
  },
  {
    characterSet: '\\ISO 2022 IR 149',
    name: 'Hong^Gildong=洪^吉洞=홍^길동',
    birthDate: '19721001',
    sex: 'M',
    studies: [
      { examination: 'abdomenCt', daysAgo: 4, at: '1734', description: '복부 CT' },
      { examination: 'boneScan', daysAgo: 1, at: '1105' },
    ],
  },
  {
    characterSet: 'GB18030',
    name: 'Wang^XiaoDong=王^小东',
    birthDate: '19941225',
    sex: 'M',
    studies: [
      { examination: 'brainMr', daysAgo: 4, at: '2010', description: '头颅磁共振' },
      { examination: 'kneeMr', daysAgo: 2, at: '1930' },
    ],
  },
  {
    characterSet: 'ISO_IR 101',
    name: 'Próba^Łucja',
    birthDate: '19590713',
    sex: 'F',
    studies: [
      { examination: 'mammography', daysAgo: 6, at: '1233' },
      { examination: 'boneScan', daysAgo: 5, at: '0815', description: 'Scyntygrafia kości' },
    ],
  },
  {
    characterSet: 'ISO_IR 148',
    name: 'Örnek^Çağla',
    birthDate: '20150928',
    sex: 'F',
    studies: [{ examination: 'handRadiograph', daysAgo: 3, at: '1218', description: 'Sol el röntgeni' }],
  },
  {
    characterSet: 'ISO_IR 192',
    name: 'नमूना^आशा',
    birthDate: '19650101',
    sex: 'F',
    studies: [
      // A walk-in at night, entered at the device before there was an order.
      { examination: 'headCt', daysAgo: 2, at: '0317', withoutAccessionNumber: true },
      { examination: 'headCt', daysAgo: 1, at: '0805', description: 'CT head follow-up' },
    ],
  },
  {
    characterSet: 'ISO_IR 100',
    name: 'Sample^Robin',
    birthDate: '19990228',
    sex: 'O',
    studies: [
      { examination: 'wholeBodyPet', daysAgo: 6, at: '0930' },
      { examination: 'chestCt', daysAgo: 3, at: '1140', withConflict: true },
      { examination: 'reportOnly', daysAgo: 3, at: '1830' },
    ],
  },
  {
    characterSet: 'ISO_IR 100',
    name: 'Sample^Newborn',
    birthDate: '',
    sex: 'M',
    studies: [{ examination: 'headUltrasound', daysAgo: 0, at: '0455' }],
  },
];
