import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { characterSetOf } from '../../../../src/local/dicom/text/characterSets.ts';
import { encoderOf } from '../../../../src/local/dicom/text/encodeText.ts';

const esc = '\x1b';

/** Text with one character for each byte. */
function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex');
}

describe('the examples of the standard', () => {
  test.each([
    // PS3.5 H.3.1 and H.3.2, I.2, J.1 and J.2, K.2; the others are the charset test files that David Clunie made.
    {
      terms: '\\ISO 2022 IR 87',
      file: bytes(
        `Yamada^Tarou=${esc}$B;3ED${esc}(B^${esc}$BB@O:${esc}(B=${esc}$B$d$^$@${esc}(B^${esc}$B$?$m$&${esc}(B`,
      ),
      text: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
    },
    {
      terms: 'ISO 2022 IR 13\\ISO 2022 IR 87',
      file: bytes(
        `\xd4\xcf\xc0\xde^\xc0\xdb\xb3=${esc}$B;3ED${esc}(J^${esc}$BB@O:${esc}(J=${esc}$B$d$^$@${esc}(J^${esc}$B$?$m$&${esc}(J`,
      ),
      text: 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    },
    {
      terms: '\\ISO 2022 IR 149',
      file: bytes(
        `Hong^Gildong=${esc}$)C\xfb\xf3^${esc}$)C\xd1\xce\xd4\xd7=${esc}$)C\xc8\xab^${esc}$)C\xb1\xe6\xb5\xbf`,
      ),
      text: 'Hong^Gildong=洪^吉洞=홍^길동',
    },
    {
      terms: 'ISO_IR 192',
      file: hex('57616e67 5e 5869616f446f6e67 3d e78e8b 5e e5b08fe69db1 3d'),
      text: 'Wang^XiaoDong=王^小東=',
    },
    {
      terms: 'GB18030',
      file: hex('57616e67 5e 5869616f446f6e67 3d cdf5 5e d0a1b6ab 3d'),
      text: 'Wang^XiaoDong=王^小东=',
    },
    {
      terms: '\\ISO 2022 IR 58',
      file: bytes(`Zhang^XiaoDong=${esc}$)A\xd5\xc5^${esc}$)A\xd0\xa1\xb6\xab=`),
      text: 'Zhang^XiaoDong=张^小东=',
    },
    { terms: 'ISO_IR 100', file: hex('4275635e4ae972f46d65'), text: 'Buc^Jérôme' },
    { terms: 'ISO_IR 100', file: hex('c46e6561735e52fc6469676572'), text: 'Äneas^Rüdiger' },
    { terms: 'ISO_IR 144', file: hex('bbeeda6365dcd17970d3'), text: 'Люкceмбypг' },
    { terms: 'ISO_IR 126', file: hex('c4e9efedf5f3e9eff2'), text: 'Διονυσιος' },
    { terms: 'ISO_IR 127', file: hex('e2c8c7e6ea5ee4e6d2c7d1'), text: 'قباني^لنزار' },
    { terms: 'ISO_IR 138', file: hex('f9f8e5ef5ee3e1e5f8e4'), text: 'שרון^דבורה' },
    { terms: 'ISO_IR 166', file: hex('b9d2c1caa1d8c5'), text: 'นามสกุล' },
    { terms: 'ISO_IR 101', file: hex('a3f3647a'), text: 'Łódz' },
    { terms: 'ISO_IR 109', file: hex('a1'), text: 'Ħ' },
    { terms: 'ISO_IR 110', file: hex('a1'), text: 'Ą' },
    { terms: 'ISO_IR 148', file: hex('d06e66'), text: 'Ğnf' },
    { terms: 'ISO_IR 13', file: hex('d4cfc0de'), text: 'ﾔﾏﾀﾞ' },
    { terms: 'GBK', file: hex('cdf5'), text: '王' },
    { terms: 'ISO_IR 203', file: hex('a4'), text: '€' },
  ])('are read: $terms, $text', ({ terms, file, text }) => {
    expect(characterSetOf(terms)(file, 'personName')).toBe(text);
  });
});

describe('code extensions', () => {
  const single = (registration: string) => `ISO_IR 100\\ISO 2022 IR ${registration}`;

  test.each([
    ['100', `${esc}-A\xe9`, 'é'],
    ['101', `${esc}-B\xa3`, 'Ł'],
    ['109', `${esc}-C\xa1`, 'Ħ'],
    ['110', `${esc}-D\xa1`, 'Ą'],
    ['126', `${esc}-F\xe1`, 'α'],
    ['127', `${esc}-G\xe2`, 'ق'],
    ['138', `${esc}-H\xf9`, 'ש'],
    ['144', `${esc}-L\xbb`, 'Л'],
    ['148', `${esc}-M\xd0`, 'Ğ'],
    ['166', `${esc}-T\xb9`, 'น'],
    ['13', `${esc})I\xd4`, 'ﾔ'],
    ['87', `${esc}$B;3${esc}(B`, '山'],
    ['159', `${esc}$(D0!${esc}(B`, '丂'],
    ['149', `${esc}$)C\xc8\xab`, '홍'],
    ['58', `${esc}$)A\xcd\xf5`, '王'],
  ])('switch to ISO 2022 IR %s', (registration, file, text) => {
    expect(characterSetOf(single(registration))(bytes(`x${file}`), 'extended')).toBe(`x${text}`);
  });

  test('fall back to the initial set at each delimiter of a person name', () => {
    const decode = characterSetOf('ISO_IR 100\\ISO 2022 IR 144');
    const file = bytes(`${esc}-L\xbb^\xe9=${esc}-L\xbb\\\xe9`);
    expect(decode(file, 'personName')).toBe('Л^é=Л\\é');
  });

  test('stay in force at ^ and = in other text, and end at a backslash, a tab and the ends of lines and pages', () => {
    const decode = characterSetOf('ISO_IR 100\\ISO 2022 IR 144');
    expect(decode(bytes(`${esc}-L\xbb^\xbb=\xbb`), 'extended')).toBe('Л^Л=Л');
    for (const delimiter of ['\\', '\t', '\n', '\f', '\r']) {
      expect(decode(bytes(`${esc}-L\xbb${delimiter}\xe9`), 'extended')).toBe(`Л${delimiter}é`);
    }
  });

  test('stay in force over a backslash in a block of text, where it is a character', () => {
    const decode = characterSetOf('ISO_IR 100\\ISO 2022 IR 144');
    expect(decode(bytes(`${esc}-L\xbb\\\xbb\r\n\xe9`), 'block')).toBe('Л\\Л\r\né');
  });

  test('keep an escape that the standard does not have', () => {
    expect(characterSetOf('\\ISO 2022 IR 87')(bytes(`a${esc}%Gb`), 'extended')).toBe(`a${esc}%Gb`);
  });

  test('keep half a character as it is and continue', () => {
    expect(characterSetOf('\\ISO 2022 IR 87')(bytes(`${esc}$B;${esc}(Bab`), 'extended')).toBe(';ab');
  });

  test('may have spaces, and the bytes of delimiters within two-byte characters', () => {
    // 3D55 is a character of JIS X 0208 whose first byte is that of "=", 215C one whose second is that of "\\".
    expect(characterSetOf('\\ISO 2022 IR 87')(bytes(`${esc}$B=U !\\${esc}(B`), 'personName')).toBe('春 ＋');
  });
});

describe('a backslash byte within a character', () => {
  test.each([
    ['GB18030', hex('815c5c62'), '乗\\b'],
    ['GBK', hex('815c5c62'), '乗\\b'],
    ['ISO_IR 13', hex('955c5c62'), '表\\b'],
    ['ISO 2022 IR 13\\ISO 2022 IR 87', hex('955c5c62'), '表\\b'],
  ])('is not a delimiter in %s', (terms, file, text) => {
    expect(characterSetOf(terms)(file, 'extended')).toBe(text);
  });
});

describe('real files that deviate from the standard', () => {
  test.each(['ISO-IR 100', 'ISO IR 100', 'iso_ir_100', 'ISO_IR 100 ', 'ISO 2022 IR 100', 'ISO-2022-IR-100'])(
    'write the term as %j',
    (term) => {
      expect(characterSetOf(term)(hex('e9'), 'extended')).toBe('é');
    },
  );

  test('have bytes beyond ASCII without a character set: read as ISO 8859-1, like pydicom', () => {
    expect(characterSetOf('')(hex('e980'), 'extended')).toBe('é\u0080');
  });

  test('name an unknown set: read as UTF-8 if valid, otherwise as ISO 8859-1', () => {
    expect(characterSetOf('X-KLINGON')(hex('c3a9'), 'extended')).toBe('é');
    expect(characterSetOf('X-KLINGON')(hex('e9'), 'extended')).toBe('é');
  });

  test('add code extensions to UTF-8, which stands alone', () => {
    expect(characterSetOf('ISO_IR 192\\ISO 2022 IR 87')(Buffer.from('山'), 'extended')).toBe('山');
  });
});

describe('laws', () => {
  test('any bytes in any set decode to text, and printable ASCII to itself', () => {
    const terms = fc.constantFrom(
      '',
      'ISO_IR 100',
      'ISO_IR 192',
      'GB18030',
      'ISO_IR 13',
      '\\ISO 2022 IR 87\\ISO 2022 IR 159',
      '\\ISO 2022 IR 149',
      'ISO 2022 IR 13\\ISO 2022 IR 87',
      'unknown',
    );
    const kinds = fc.constantFrom('personName' as const, 'extended' as const, 'block' as const);
    fc.assert(
      fc.property(terms, kinds, fc.uint8Array({ maxLength: 40 }), (term, kind, file) => {
        expect(typeof characterSetOf(term)(Buffer.from(file), kind)).toBe('string');
      }),
    );
    fc.assert(
      fc.property(terms, kinds, fc.string({ unit: 'grapheme-ascii' }), (term, kind, text) => {
        expect(characterSetOf(term)(Buffer.from(text), kind)).toBe(text);
      }),
    );
  });

  test.each([
    ['ISO_IR 100', 'Buc^Jérôme'],
    ['ISO_IR 101', 'Próba^Łucja'],
    ['ISO_IR 126', 'Δείγμα^Ελένη'],
    ['ISO_IR 127', 'عينة^ليلى'],
    ['ISO_IR 138', 'דוגמה^נועם'],
    ['ISO_IR 144', 'Образец^Анна'],
    ['ISO_IR 148', 'Örnek^Çağla'],
    ['ISO_IR 166', 'ตัวอย่าง^มาลี'],
    ['ISO_IR 192', 'नमूना^आशा'],
    ['GB18030', 'Wang^XiaoDong=王^小东'],
    ['\\ISO 2022 IR 87', 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
    ['\\ISO 2022 IR 149', 'Hong^Gildong=洪^吉洞=홍^길동'],
    ['\\ISO 2022 IR 58', 'Wang^XiaoDong=王^小东'],
  ])('text written in %s is read back', (terms, text) => {
    expect(characterSetOf(terms)(encoderOf(terms)(text), 'personName')).toBe(text);
  });

  test('characters that a set does not have are refused', () => {
    expect(() => encoderOf('ISO_IR 100')('山')).toThrow(RangeError);
    expect(() => encoderOf('\\ISO 2022 IR 87')('홍')).toThrow(RangeError);
    expect(() => encoderOf('ISO_IR 13')('a')).toThrow(RangeError);
  });

  test('two-byte sets are written as in the examples of the standard', () => {
    expect(encoderOf('\\ISO 2022 IR 87')('=山田^太郎').toString('latin1')).toBe(
      `=${esc}$B;3ED${esc}(B^${esc}$BB@O:${esc}(B`,
    );
    expect(encoderOf('\\ISO 2022 IR 149')('=洪^吉洞').toString('latin1')).toBe(
      `=${esc}$)C\xfb\xf3^${esc}$)C\xd1\xce\xd4\xd7`,
    );
  });
});
