import {
  GetImageSetCommand,
  ListDatastoresCommand,
  ListImageSetVersionsCommand,
  SearchImageSetsCommand,
  ValidationException,
} from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

/** Not what the client's types allow; it sends everything as it is. */
const wrongCriteria: readonly (readonly [
  title: string,
  criteria: object,
  violations: readonly (readonly [string, string])[],
])[] = [
  [
    'an empty list of filters',
    { filters: [] },
    [['filters', 'Member must have length greater than or equal to 1']],
  ],
  [
    'three filters',
    { filters: Array.from({ length: 3 }, () => ({ operator: 'EQUAL', values: [{ isPrimary: true }] })) },
    [['filters', 'Member must have length less than or equal to 2']],
  ],
  [
    'an empty filter',
    { filters: [{}] },
    [
      ['filters.1.member.values', 'Member must not be null'],
      ['filters.1.member.operator', 'Member must not be null'],
    ],
  ],
  [
    'an operator that is none',
    { filters: [{ operator: 'LIKE', values: [{ isPrimary: true }] }] },
    [['filters.1.member.operator', 'Member must satisfy enum value set: [EQUAL, BETWEEN]']],
  ],
  [
    'no values',
    { filters: [{ operator: 'EQUAL', values: [] }] },
    [['filters.1.member.values', 'Member must have length greater than or equal to 1']],
  ],
  [
    'a value of two attributes',
    { filters: [{ operator: 'EQUAL', values: [{ isPrimary: true, DICOMPatientId: 'SECRET' }] }] },
    [
      [
        'filters.1.member.values.1.member',
        'Member must have exactly one member of [DICOMPatientId, DICOMAccessionNumber, DICOMStudyId, DICOMStudyInstanceUID, DICOMSeriesInstanceUID, createdAt, updatedAt, DICOMStudyDateAndTime, isPrimary]',
      ],
    ],
  ],
  [
    'a value of an attribute that is none',
    { filters: [{ operator: 'EQUAL', values: [{ DICOMPatientName: 'SECRET' }] }] },
    [
      [
        'filters.1.member.values.1.member',
        'Member must have exactly one member of [DICOMPatientId, DICOMAccessionNumber, DICOMStudyId, DICOMStudyInstanceUID, DICOMSeriesInstanceUID, createdAt, updatedAt, DICOMStudyDateAndTime, isPrimary]',
      ],
    ],
  ],
  [
    'too long a text',
    { filters: [{ operator: 'EQUAL', values: [{ DICOMPatientId: 'SECRET'.repeat(86) }] }] },
    [
      [
        'filters.1.member.values.1.member.DICOMPatientId',
        'Member must have length less than or equal to 512',
      ],
    ],
  ],
  [
    'a UID that is none',
    { filters: [{ operator: 'EQUAL', values: [{ DICOMStudyInstanceUID: 'SECRET' }] }] },
    [
      [
        'filters.1.member.values.1.member.DICOMStudyInstanceUID',
        'Member must satisfy regular expression pattern: [0-9.]+',
      ],
    ],
  ],
  [
    'a study time without its date',
    { filters: [{ operator: 'EQUAL', values: [{ DICOMStudyDateAndTime: { DICOMStudyTime: '101112' } }] }] },
    [['filters.1.member.values.1.member.DICOMStudyDateAndTime.DICOMStudyDate', 'Member must not be null']],
  ],
  [
    'a day that is none',
    { filters: [{ operator: 'EQUAL', values: [{ DICOMStudyDateAndTime: { DICOMStudyDate: '20230229' } }] }] },
    [
      [
        'filters.1.member.values.1.member.DICOMStudyDateAndTime',
        'Member must have a DICOMStudyDate of form yyyyMMdd and a DICOMStudyTime of form HHmmss or HHmmss.FFFFFF',
      ],
    ],
  ],
  [
    'a time beyond all calendars',
    { filters: [{ operator: 'EQUAL', values: [{ createdAt: new Date(8.64e15) }] }] },
    [
      [
        'filters.1.member.values.1.member.createdAt',
        'Member must be a timestamp in seconds since 1970, not after the year 9999',
      ],
    ],
  ],
  [
    'EQUAL with two values',
    { filters: [{ operator: 'EQUAL', values: [{ DICOMPatientId: 'A' }, { DICOMPatientId: 'B' }] }] },
    [['filters.1.member.values', 'Member must have exactly one value for operator EQUAL']],
  ],
  [
    'BETWEEN with one value',
    { filters: [{ operator: 'BETWEEN', values: [{ createdAt: new Date(0) }] }] },
    [
      [
        'filters.1.member.values',
        'Member must have exactly two values, lower and upper bound, for operator BETWEEN',
      ],
    ],
  ],
  [
    'BETWEEN on text',
    { filters: [{ operator: 'BETWEEN', values: [{ DICOMPatientId: 'A' }, { DICOMPatientId: 'B' }] }] },
    [
      [
        'filters.1.member.values',
        'Member must have values of [createdAt, updatedAt, DICOMStudyDateAndTime] for operator BETWEEN',
      ],
    ],
  ],
  [
    'two attributes in one filter',
    { filters: [{ operator: 'BETWEEN', values: [{ createdAt: new Date(0) }, { updatedAt: new Date(1) }] }] },
    [['filters.1.member.values', 'Member must have values of one attribute']],
  ],
  [
    'bounds the wrong way round',
    { filters: [{ operator: 'BETWEEN', values: [{ createdAt: new Date(1) }, { createdAt: new Date(0) }] }] },
    [['filters.1.member.values', 'Member must have a lower bound that is not above its upper bound']],
  ],
  ['half a sort', { sort: { sortField: 'updatedAt' } }, [['sort.sortOrder', 'Member must not be null']]],
  [
    'a sort by what cannot be sorted by',
    { sort: { sortField: 'isPrimary', sortOrder: 'UP' } },
    [
      ['sort.sortOrder', 'Member must satisfy enum value set: [ASC, DESC]'],
      ['sort.sortField', 'Member must satisfy enum value set: [updatedAt, createdAt, DICOMStudyDateAndTime]'],
    ],
  ],
];

describe('what the service model does not allow', () => {
  let local: Local;

  beforeAll(async () => {
    local = await withLocal();
  });
  afterAll(() => local.close());

  test.each(wrongCriteria)(
    "is refused in the service's own words: %s",
    async (_title, criteria, violations) => {
      const sentences = violations.map(
        ([path, constraint]) =>
          `Value at 'searchCriteria.${path}' failed to satisfy constraint: ${constraint}`,
      );
      const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
      const searching = local.client.send(
        new SearchImageSetsCommand({
          datastoreId: local.datastoreId,
          searchCriteria: criteria,
        }),
      );
      await expect(searching).rejects.toBeInstanceOf(ValidationException);
      await expect(searching).rejects.toMatchObject({
        message: `${count} detected: ${sentences.join('; ')}`,
      });
    },
  );

  test('is refused all at once, before the data store is looked up', async () => {
    await expect(
      local.client.send(new SearchImageSetsCommand({ datastoreId: 'NONE', maxResults: 51, nextToken: 'é' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "3 validation errors detected: Value at 'datastoreId' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-z]{32}; " +
        "Value at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50; " +
        "Value at 'nextToken' failed to satisfy constraint: Member must satisfy regular expression pattern: \\p{ASCII}{0,8192}",
    });
  });

  test('is refused by every operation', async () => {
    const imageSet = { datastoreId: local.datastoreId, imageSetId: 'NONE' };
    await expect(
      local.client.send(new GetImageSetCommand({ ...imageSet, versionId: '-1' })),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/^2 validation errors detected: .*'imageSetId'.*'versionId'/) as unknown,
    });
    await expect(
      local.client.send(new ListImageSetVersionsCommand({ ...imageSet, maxResults: 0 })),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/greater than or equal to 1/) as unknown,
    });
    await expect(
      local.client.send(new ListDatastoresCommand({ datastoreStatus: 'GONE' as 'ACTIVE' })),
    ).rejects.toMatchObject({
      message:
        "1 validation error detected: Value at 'datastoreStatus' failed to satisfy constraint: Member must satisfy enum value set: [CREATING, CREATE_FAILED, ACTIVE, DELETING, DELETED]",
    });
  });
});
