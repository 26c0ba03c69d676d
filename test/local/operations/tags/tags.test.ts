import {
  ListTagsForResourceCommand,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
  ValidationException,
} from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { manyImageSets, putImageSets, withLocal, type Local } from '../../../support/gateway/withLocal.ts';

describe('tags', () => {
  let local: Local;
  let datastoreArn: string;
  let imageSetArn: string;

  beforeAll(async () => {
    local = await withLocal();
    datastoreArn = local.store.datastore.arn;
    const [imageSet] = putImageSets(local.store, manyImageSets(1));
    imageSetArn = `${datastoreArn}/imageset/${imageSet?.imageSetId ?? ''}`;
  });
  afterAll(() => local.close());

  const tag = (resourceArn: string, tags: Record<string, string>) =>
    local.client.send(new TagResourceCommand({ resourceArn, tags }));
  const untag = (resourceArn: string, tagKeys: string[]) =>
    local.client.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  const tagsOf = async (resourceArn: string) =>
    (await local.client.send(new ListTagsForResourceCommand({ resourceArn }))).tags;

  test('are put on a data store and an image set, each its own, and taken off again', async () => {
    expect([await tagsOf(datastoreArn), await tagsOf(imageSetArn)]).toEqual([{}, {}]);
    await tag(datastoreArn, { Deployment: 'Development', 'a:b/c.d_e-f+g=1': '' });
    await tag(imageSetArn, { Deployment: 'Trial – ünïcode' });
    await tag(datastoreArn, { Deployment: 'Production' });
    expect(await tagsOf(datastoreArn)).toEqual({ Deployment: 'Production', 'a:b/c.d_e-f+g=1': '' });
    expect(await tagsOf(imageSetArn)).toEqual({ Deployment: 'Trial – ünïcode' });
    await untag(datastoreArn, ['Deployment', 'never-there']);
    await untag(imageSetArn, []);
    expect(await tagsOf(datastoreArn)).toEqual({ 'a:b/c.d_e-f+g=1': '' });
    await untag(datastoreArn, ['a:b/c.d_e-f+g=1']);
    await untag(imageSetArn, ['Deployment']);
    expect([await tagsOf(datastoreArn), await tagsOf(imageSetArn)]).toEqual([{}, {}]);
  });

  test('may have any name that the model allows', async () => {
    const url = `${local.url}/tags/${encodeURIComponent(imageSetArn)}`;
    const body = '{"tags":{"__proto__":"x","constructor":"y"}}';
    await fetch(url, { method: 'POST', body });
    const answer = await fetch(url);
    expect(await answer.text()).toBe(body);
    await untag(imageSetArn, ['__proto__', 'constructor']);
  });

  test('answer to an ARN with its slashes as they are', async () => {
    await tag(imageSetArn, { Raw: 'yes' });
    const answer = await fetch(`${local.url}/tags/${imageSetArn}`);
    expect([answer.status, await answer.json()]).toEqual([200, { tags: { Raw: 'yes' } }]);
    const untagged = await fetch(`${local.url}/tags/${imageSetArn}?tagKeys=Raw&tagKeys=Other`, {
      method: 'DELETE',
    });
    expect([untagged.status, await untagged.json()]).toEqual([200, {}]);
    expect(await tagsOf(imageSetArn)).toEqual({});
  });

  test('are fifty at most on a resource: more than that are refused as a whole', async () => {
    const letters = (tag: number) => `k${tag}`;
    const fifty = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [letters(index), 'x'.repeat(256)]),
    );
    await tag(datastoreArn, fifty);
    const refused = tag(datastoreArn, { k0: 'changed', k50: 'one too many' });
    await expect(refused).rejects.toThrow(ValidationException);
    expect(await tagsOf(datastoreArn)).toEqual(fifty);
    await untag(datastoreArn, Object.keys(fifty));
    expect(await tagsOf(datastoreArn)).toEqual({});
  });

  test.each([
    ['a key with a blank', { 'a b': '' }],
    ["a key of AWS's own", { 'aws:x': '' }],
    ['an empty key', { '': '' }],
    ['a long key', { ['k'.repeat(129)]: '' }],
    ['a long value', { k: 'v'.repeat(257) }],
  ])('refuse %s', async (_title, tags: Record<string, string>) => {
    const refused = tag(datastoreArn, tags);
    await expect(refused).rejects.toThrow(ValidationException);
  });

  test('say that a resource is not there, also in another region or account', async () => {
    const elsewhere = [
      `${datastoreArn}/imageset/${'0'.repeat(32)}`,
      datastoreArn.replace('us-east-1', 'eu-west-1'),
      datastoreArn.replace('000000000000', '123456789012'),
      datastoreArn.slice(0, -32) + '0'.repeat(32),
    ];
    for (const arn of elsewhere) await expect(tagsOf(arn)).rejects.toThrow(ResourceNotFoundException);
    await expect(tagsOf('arn:aws:s3:::bucket')).rejects.toThrow(ValidationException);
  });
});
