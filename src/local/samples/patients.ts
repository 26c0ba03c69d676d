import type { ProtocolName } from './examinations.ts';

/** A study of the department's week. */
export interface SampleStudy {
  readonly protocol: ProtocolName;
  readonly daysAgo: number;
  /** HHmm, as the department's clock shows it. */
  readonly at: string;
  /** In the patient's language, where the protocol's own description is not what the device would write. */
  readonly description?: string;
  readonly withoutAccessionNumber?: true;
  /** One more instance in the first series, whose accession number was mistyped. */
  readonly withConflict?: true;
}

export interface SamplePatient {
  /** Defined terms of (0008,0005), as a device of the patient's country writes them. */
  readonly characterSet: string;
  readonly name: string;
  readonly birthDate: string;
  readonly sex: 'F' | 'M' | 'O';
  readonly studies: readonly SampleStudy[];
}

/** People who do not exist: most are called "sample" in their language, the others are the DICOM standard's examples. */
export const patients: readonly SamplePatient[] = [
  {
    characterSet: 'ISO_IR 100',
    name: 'Sample^Ada',
    birthDate: '19621210',
    sex: 'F',
    studies: [
      { protocol: 'chestCt', daysAgo: 7, at: '0814' },
      { protocol: 'chestCt', daysAgo: 1, at: '0932', description: 'CT chest follow-up' },
      { protocol: 'chestRadiograph', daysAgo: 0, at: '0705' },
    ],
  },
  {
    characterSet: 'ISO_IR 100',
    name: 'Muster^Jürgen',
    birthDate: '19550402',
    sex: 'M',
    studies: [
      { protocol: 'brainMr', daysAgo: 6, at: '1021', description: 'MRT Schädel' },
      { protocol: 'brainMr', daysAgo: 0, at: '1040', description: 'MRT Schädel Verlaufskontrolle' },
    ],
  },
  {
    characterSet: 'ISO_IR 100',
    name: 'Échantillon^Zoë',
    birthDate: '19780815',
    sex: 'F',
    studies: [
      { protocol: 'mammography', daysAgo: 4, at: '1115', description: 'Mammographie de dépistage' },
      { protocol: 'breastUltrasound', daysAgo: 3, at: '1410', description: 'Échographie mammaire' },
    ],
  },
  {
    characterSet: 'ISO_IR 144',
    name: 'Образец^Анна^Ивановна',
    birthDate: '19690323',
    sex: 'F',
    studies: [
      { protocol: 'abdomenCt', daysAgo: 5, at: '1302', description: 'КТ брюшной полости' },
      { protocol: 'abdomenUltrasound', daysAgo: 2, at: '0850', description: 'УЗИ брюшной полости' },
    ],
  },
  {
    characterSet: 'ISO_IR 126',
    name: 'Δείγμα^Ελένη',
    birthDate: '19880519',
    sex: 'F',
    studies: [{ protocol: 'kneeMr', daysAgo: 3, at: '1555', description: 'Μαγνητική γόνατος' }],
  },
  {
    characterSet: 'ISO_IR 127',
    name: 'عينة^ليلى',
    birthDate: '19910130',
    sex: 'F',
    studies: [
      { protocol: 'chestRadiograph', daysAgo: 6, at: '0912', description: 'أشعة الصدر' },
      { protocol: 'abdomenUltrasound', daysAgo: 6, at: '1003' },
    ],
  },
  {
    characterSet: 'ISO_IR 138',
    name: 'דוגמה^נועם',
    birthDate: '19831107',
    sex: 'M',
    studies: [{ protocol: 'coronaryAngiography', daysAgo: 2, at: '0740', description: 'צנתור כלילי' }],
  },
  {
    characterSet: 'ISO_IR 166',
    name: 'ตัวอย่าง^มาลี',
    birthDate: '20010609',
    sex: 'F',
    studies: [{ protocol: 'handRadiograph', daysAgo: 1, at: '1620', description: 'เอกซเรย์มือ' }],
  },
  {
    characterSet: '\\ISO 2022 IR 87',
    name: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
    birthDate: '19470211',
    sex: 'M',
    studies: [
      { protocol: 'chestRadiograph', daysAgo: 7, at: '0900', description: '胸部正面' },
      { protocol: 'wholeBodyPet', daysAgo: 5, at: '1000', description: '全身 PET/CT' },
      { protocol: 'chestCt', daysAgo: 0, at: '0828', description: '胸部CT 経過観察' },
    ],
  },
  {
    characterSet: '\\ISO 2022 IR 149',
    name: 'Hong^Gildong=洪^吉洞=홍^길동',
    birthDate: '19721001',
    sex: 'M',
    studies: [
      { protocol: 'abdomenCt', daysAgo: 4, at: '1734', description: '복부 CT' },
      { protocol: 'boneScan', daysAgo: 1, at: '1105' },
    ],
  },
  {
    characterSet: 'GB18030',
    name: 'Wang^XiaoDong=王^小东',
    birthDate: '19941225',
    sex: 'M',
    studies: [
      { protocol: 'brainMr', daysAgo: 4, at: '2010', description: '头颅磁共振' },
      { protocol: 'kneeMr', daysAgo: 2, at: '1930' },
    ],
  },
  {
    characterSet: 'ISO_IR 101',
    name: 'Próba^Łucja',
    birthDate: '19590713',
    sex: 'F',
    studies: [
      { protocol: 'mammography', daysAgo: 6, at: '1233' },
      { protocol: 'boneScan', daysAgo: 5, at: '0815', description: 'Scyntygrafia kości' },
    ],
  },
  {
    characterSet: 'ISO_IR 148',
    name: 'Örnek^Çağla',
    birthDate: '20150928',
    sex: 'F',
    studies: [{ protocol: 'handRadiograph', daysAgo: 3, at: '1218', description: 'Sol el röntgeni' }],
  },
  {
    characterSet: 'ISO_IR 192',
    name: 'नमूना^आशा',
    birthDate: '19650101',
    sex: 'F',
    studies: [
      // A walk-in at night: entered at the device, before there was an order.
      { protocol: 'headCt', daysAgo: 2, at: '0317', withoutAccessionNumber: true },
      { protocol: 'headCt', daysAgo: 1, at: '0805', description: 'CT head follow-up' },
    ],
  },
  {
    characterSet: 'ISO_IR 100',
    name: 'Sample^Robin',
    birthDate: '19990228',
    sex: 'O',
    studies: [
      { protocol: 'wholeBodyPet', daysAgo: 6, at: '0930' },
      { protocol: 'chestCt', daysAgo: 3, at: '1140', withConflict: true },
      { protocol: 'reportOnly', daysAgo: 3, at: '1830' },
    ],
  },
  {
    characterSet: 'ISO_IR 100',
    name: 'Sample^Newborn',
    birthDate: '',
    sex: 'M',
    studies: [{ protocol: 'headUltrasound', daysAgo: 0, at: '0455' }],
  },
];
