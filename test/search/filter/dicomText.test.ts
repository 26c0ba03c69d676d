import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { parseDicomDate, parseDicomTime, parseDicomUid } from '../../../src/search/filter/dicomText.ts';

describe('parseDicomDate', () => {
  test.each([
    ['20260228', '20260228'],
    ['2026-02-28', '20260228'],
    ['20240229', '20240229'],
    ['20000229', '20000229'],
    ['00010101', '00010101'],
    ['99991231', '99991231'],
  ])('reads %s as %s', (text, date) => {
    expect(parseDicomDate(text)).toBe(date);
  });

  test.each([
    '',
    '2026',
    '202602',
    '20260229',
    '19000229',
    '20260431',
    '20261301',
    '20260001',
    '20260100',
    '00000101',
    '2026-0228',
    '202602-28',
    '2026.02.28',
    '2026/02/28',
    ' 20260228',
    '20260228 ',
    '20260228\n',
    '26-02-28',
    '+20260228',
    '2026-2-8',
    '٢٠٢٦٠٢٢٨',
    '20260228-20260301',
    '2026-02-28T00:00:00Z',
  ])('refuses %j', (text) => {
    expect(parseDicomDate(text)).toBeUndefined();
  });

  test('takes the days of the calendar and no others', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0001-01-01T00:00:00Z'),
          max: new Date('9999-12-31T00:00:00Z'),
          noInvalidDate: true,
        }),
        (date) => {
          const iso = date.toISOString().slice(0, 10);
          const plain = iso.replaceAll('-', '');
          expect([parseDicomDate(iso), parseDicomDate(plain)]).toEqual([plain, plain]);
        },
      ),
    );
    const year = Array.from({ length: 13 * 32 }, (_, index) => {
      const [month, day] = [Math.floor(index / 32), index % 32];
      return `2026${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`;
    });
    expect(year.filter((text) => parseDicomDate(text) !== undefined)).toHaveLength(365);
  });
});

describe('parseDicomTime', () => {
  test.each([
    ['000000', '000000'],
    ['235959', '235959'],
    ['23:59:59', '235959'],
    ['235960', '235960'],
    ['081500.5', '081500.500000'],
    ['08:15:00.000001', '081500.000001'],
    ['081500.123456', '081500.123456'],
  ])('reads %s as %s', (text, time) => {
    expect(parseDicomTime(text)).toBe(time);
  });

  test.each([
    '',
    '08',
    '0815',
    '08:15',
    '240000',
    '236000',
    '235961',
    '08:1500',
    '0815:00',
    '081500.',
    '081500.1234567',
    '081500,5',
    '081500Z',
    '081500+0100',
    ' 081500',
    '081500 ',
    '081500\n',
    '8:15:00',
    '-81500',
  ])('refuses %j', (text) => {
    expect(parseDicomTime(text)).toBeUndefined();
  });

  test('leaves its own form as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^([01]\d|2[0-3])[0-5]\d[0-5]\d(\.\d{1,6})?$/), (text) => {
        const time = parseDicomTime(text);
        expect(time).toBeDefined();
        expect(parseDicomTime(time ?? '')).toBe(time);
      }),
    );
  });
});

describe('parseDicomUid', () => {
  test.each(['1.2.840.10008.1.2', '0', `${'1.'.repeat(31)}12`])('takes %s', (uid) => {
    expect(parseDicomUid(uid)).toBe(uid);
  });

  test.each(['', '1.'.repeat(33), '1.2.x', '1.2.*', ' 1.2', '1.2\n', '1-2', '１.２'])('refuses %j', (uid) => {
    expect(parseDicomUid(uid)).toBeUndefined();
  });
});
