import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { toMetadata } from '../../../../src/local/dicom/metadata.ts';
import { readP10, readP10Bytes } from '../../../../src/local/dicom/read/readP10.ts';
import { transferSyntaxes } from '../../../../src/local/dicom/transferSyntax.ts';
import type { DatasetInput } from '../../../../src/local/dicom/write/writeP10.ts';
import { dicomFile, dicomFileWithout } from '../../../support/dicom/dicomBuilder.ts';

const everyKind: DatasetInput = {
  SpecificCharacterSet: 'ISO_IR 100',
  PatientName: 'Buc^Jérôme',
  OtherPatientNames: ['Äneas^Rüdiger', 'Sample^Ada'],
  ImageType: ['ORIGINAL', 'PRIMARY', ''],
  PatientComments: 'One \\ two\r\nthree',
  PixelSpacing: ['0.5', '1.25e-3'],
  NumberOfFrames: '2',
  FrameIncrementPointer: ['00181063', '00181065'],
  SmallestImagePixelValue: -5,
  PixelRepresentation: 1,
  Rows: 4,
  Columns: 2,
  ReferencePixelX0: -70000,
  TableOfXBreakPoints: [1, 2, 70000],
  RealWorldValueSlope: 0.1,
  RequestAttributesSequence: {
    items: [
      {
        RequestedProcedureDescription: 'Schädel',
        ScheduledProtocolCodeSequence: { items: [{ CodeValue: '1' }] },
      },
      {},
    ],
  },
  ReferencedStudySequence: { items: [] },
  AccessionNumber: '',
};

const everyKindRead = {
  SpecificCharacterSet: ['ISO_IR 100'],
  PatientName: 'Buc^Jérôme',
  OtherPatientNames: ['Äneas^Rüdiger', 'Sample^Ada'],
  ImageType: ['ORIGINAL', 'PRIMARY', null],
  PatientComments: 'One \\ two\r\nthree',
  PixelSpacing: ['0.5', '1.25e-3 '],
  NumberOfFrames: '2 ',
  FrameIncrementPointer: ['00181063', '00181065'],
  SmallestImagePixelValue: -5,
  PixelRepresentation: 1,
  Rows: 4,
  Columns: 2,
  ReferencePixelX0: -70000,
  TableOfXBreakPoints: [1, 2, 70000],
  RealWorldValueSlope: 0.1,
  RequestAttributesSequence: [
    { RequestedProcedureDescription: 'Schädel', ScheduledProtocolCodeSequence: [{ CodeValue: '1' }] },
    {},
  ],
  ReferencedStudySequence: [],
  AccessionNumber: null,
};

describe('transfer syntaxes', () => {
  const natives = Object.values(transferSyntaxes);
  const encapsulated = [
    '1.2.840.10008.1.2.4.50',
    '1.2.840.10008.1.2.4.90',
    '1.2.840.10008.1.2.4.201',
    '1.2.840.10008.1.2.5',
    '1.2.3.99.of.a.time.to.come'.replaceAll(/[a-z.]+$/g, ''),
  ];
  const cases = [...natives, ...encapsulated].flatMap((transferSyntaxUid) =>
    [false, true].map((undefinedLengths) => ({ transferSyntaxUid, undefinedLengths })),
  );

  test.each(cases)('are read as they are written: %j', (options) => {
    const isNative = natives.some((uid) => uid === options.transferSyntaxUid);
    const pixels = isNative
      ? { PixelData: { vr: 'OW', value: Buffer.alloc(32, 1) } }
      : { PixelData: { fragments: [Buffer.alloc(5, 1), Buffer.alloc(8, 2)] } };
    const { dataset, digest, headerBytes, ...instance } = readP10Bytes(
      dicomFile({ ...everyKind, ...pixels }, options),
    );
    expect(instance).toEqual({
      warnings: [],
      meta: expect.any(Map) as unknown,
      transferSyntaxUid: options.transferSyntaxUid,
      hasMetaHeader: true,
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      sopInstanceUid: '1.2.3.4.5',
      seriesInstanceUid: '1.2.3.4',
      studyInstanceUid: '1.2.3',
      frameCount: 2,
      hasPixelData: true,
      ...(isNative && { frameSizeInBytes: 16 }),
    });
    expect(toMetadata(dataset)).toMatchObject(everyKindRead);
    expect(dataset.get('7FE00010')?.values).toEqual([]);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(headerBytes).toBeGreaterThan(500);
  });

  test('of JPIP with deflate are inflated', () => {
    const uid = '1.2.840.10008.1.2.4.95';
    expect(readP10Bytes(dicomFile({}, { transferSyntaxUid: uid })).sopInstanceUid).toBe('1.2.3.4.5');
  });
});

describe('readP10', () => {
  test('reads from a file what readP10Bytes reads from memory, also long headers and fragments', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'read-p10-'));
    try {
      const path = join(directory, 'file');
      const long = { vr: 'OB', value: Buffer.alloc(150_000, 3) };
      const files = [
        dicomFile(),
        dicomFile({ '00091001': long, PatientComments: 'x'.repeat(9000), ImageComments: 'y'.repeat(9000) }),
        dicomFile(
          {
            '00091001': long,
            PixelData: { fragments: [Buffer.alloc(90_000), Buffer.alloc(20), Buffer.alloc(9000)] },
          },
          { transferSyntaxUid: '1.2.840.10008.1.2.4.50' },
        ),
      ];
      for (const bytes of files) {
        await writeFile(path, bytes);
        expect(await readP10(path)).toEqual(readP10Bytes(bytes));
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('passes on errors of the file system', async () => {
    await expect(readP10('/nowhere/at/all')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the digest', () => {
  const digestOf = (elements: DatasetInput, transferSyntaxUid?: string) =>
    readP10Bytes(dicomFile(elements, transferSyntaxUid === undefined ? {} : { transferSyntaxUid })).digest;

  test('is equal for equal files, and differs with data set, transfer syntax, pixels and length of pixel data', () => {
    const digests = [
      digestOf({}),
      digestOf({ PatientName: 'Sample^Ado' }),
      digestOf({}, transferSyntaxes.explicitBigEndian),
      digestOf({ PixelData: { vr: 'OW', value: Buffer.alloc(34) } }),
      digestOf({ PixelData: { vr: 'OW', value: Buffer.alloc(32, 7).fill(8, 31) } }),
    ];
    expect(digestOf({})).toBe(digests[0]);
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe('frames', () => {
  const framesOf = (
    elements: DatasetInput,
    transferSyntaxUid: string = transferSyntaxes.explicitLittleEndian,
  ) => {
    const { frameCount, frameSizeInBytes, hasPixelData } = readP10Bytes(
      dicomFile(elements, { transferSyntaxUid }),
    );
    return { frameCount, frameSizeInBytes, hasPixelData };
  };
  const jpeg = '1.2.840.10008.1.2.4.50';
  const fragments = (count: number) => ({
    PixelData: { fragments: Array.from({ length: count }, () => Buffer.alloc(2)) },
  });

  test('are as many as the file declares and has', () => {
    const pixels = { PixelData: { vr: 'OW', value: Buffer.alloc(96) } };
    expect(framesOf({ ...pixels, NumberOfFrames: '3' }).frameCount).toBe(3);
    expect(framesOf({ ...pixels, NumberOfFrames: '2000000000' }).frameCount).toBe(3);
    expect(framesOf({ ...pixels, NumberOfFrames: '0' }).frameCount).toBe(1);
    expect(framesOf({ ...fragments(4), NumberOfFrames: '4' }, jpeg).frameCount).toBe(4);
    expect(framesOf({ ...fragments(4), NumberOfFrames: '9999999' }, jpeg).frameCount).toBe(4);
    expect(framesOf(fragments(4), jpeg).frameCount).toBe(1);
  });

  test('have a size in native pixel data: in colour, with shared chrominance, and only in whole bytes', () => {
    const pixels = { BitsAllocated: 8, PixelData: { vr: 'OB', value: Buffer.alloc(48) } };
    expect(framesOf({ ...pixels, SamplesPerPixel: 3 }).frameSizeInBytes).toBe(48);
    expect(
      framesOf({ ...pixels, SamplesPerPixel: 3, PhotometricInterpretation: 'YBR_FULL_422' }).frameSizeInBytes,
    ).toBe(32);
    expect(framesOf({ ...pixels, BitsAllocated: 1, Rows: 3, Columns: 3 }).frameSizeInBytes).toBeUndefined();
    expect(framesOf({ ...pixels, Rows: 400 }).frameSizeInBytes).toBeUndefined();
  });

  test('are zero without pixel data', () => {
    expect(readP10Bytes(dicomFileWithout('PixelData'))).toMatchObject({
      frameCount: 0,
      hasPixelData: false,
    });
  });
});
