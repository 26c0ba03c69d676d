import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { parseApart } from '../../../src/healthimaging/metadata/parseApart.ts';
import { ResponseFault } from '../../../src/healthimaging/responses/readMember.ts';
import { propertyParameters } from '../../support/propertyRuns.ts';

const bytesOf = (text: string, ends: Buffer = Buffer.of()) =>
  new Uint8Array(Buffer.concat([Buffer.from(text), ends]));

/** So that it goes to the thread. */
const long = (document: object) =>
  JSON.stringify({ ...document, Padding: ' '.repeat(70_000), Patient: { DICOM: { PatientID: 'SAMPLE-1' } } });

test.each([
  ['short', JSON.stringify({ Patient: { DICOM: { PatientID: 'SAMPLE-1' } } })],
  ['long', long({ Study: {} })],
])('a %s document keeps its text, and its tags are read', async (_length, text) => {
  const document = await parseApart(bytesOf(text));
  expect(Buffer.from(document.text).toString()).toBe(text);
  expect(document.tags).toMatchObject({ patientId: 'SAMPLE-1', studyInstanceUid: null });
});

test('documents that are parsed at once keep their own text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 8 }), async (values) => {
      const texts = values.map((Value) => long({ Value }));
      const documents = await Promise.all(texts.map((text) => parseApart(bytesOf(text))));
      expect(documents.map(({ text }) => Buffer.from(text).toString())).toEqual(texts);
    }),
    propertyParameters(50),
  );
});

const notDocuments = ['[]', '"text"', 'null', '{"Study":', ''];
test.each([
  ...notDocuments.map((text) => ['short', text]),
  ...notDocuments.map((text) => ['long', `${' '.repeat(70_000)}${text}`]),
])('a %s text that is none is a fault of the response: %#', async (_length, text) => {
  const beside = parseApart(bytesOf(long({})));
  await expect(parseApart(bytesOf(text))).rejects.toThrow(
    new ResponseFault('imageSetMetadataBlob', 'a JSON object'),
  );
  await expect(beside).resolves.toMatchObject({ tags: { patientId: 'SAMPLE-1' } });
});

test('bytes that are no UTF-8 become U+FFFD: the text that is sent is well formed', async () => {
  for (const padding of ['', ' '.repeat(70_000)]) {
    const { text } = await parseApart(bytesOf(`${padding}{"Study":"`, Buffer.from([0xff, 0x22, 0x7d])));
    expect(Buffer.from(text).toString()).toBe(`${padding}{"Study":"\uFFFD"}`);
  }
});
