import {
  GetDatastoreCommand,
  GetImageFrameCommand,
  GetImageSetCommand,
  GetImageSetMetadataCommand,
  ListImageSetVersionsCommand,
  ResourceNotFoundException,
  SearchImageSetsCommand,
  ValidationException,
} from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

describe('the operations', () => {
  let local: Local;

  beforeAll(async () => {
    local = await withLocal();
  });
  afterAll(() => local.close());

  test('refuse other data stores, and image sets that do not exist', async () => {
    const other = { datastoreId: '0'.repeat(32) };
    const imageSet = { datastoreId: local.datastoreId, imageSetId: '0'.repeat(32) };
    const sent = [
      local.client.send(new GetDatastoreCommand(other)),
      local.client.send(new SearchImageSetsCommand(other)),
      local.client.send(new GetImageSetCommand({ ...imageSet, ...other })),
      local.client.send(new GetImageSetCommand(imageSet)),
      local.client.send(new GetImageSetMetadataCommand(imageSet)),
      local.client.send(new ListImageSetVersionsCommand(imageSet)),
    ];
    for (const outcome of await Promise.allSettled(sent)) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: expect.any(ResourceNotFoundException) as unknown,
      });
    }
  });

  test('say plainly what is not supported', async () => {
    const frame = new GetImageFrameCommand({
      datastoreId: local.datastoreId,
      imageSetId: '0'.repeat(32),
      imageFrameInformation: { imageFrameId: '0'.repeat(32) },
    });
    await expect(local.client.send(frame)).rejects.toEqual(
      expect.objectContaining({
        constructor: ValidationException,
        message: 'GetImageFrame is not supported by the local HealthImaging.',
      }),
    );
  });
});
