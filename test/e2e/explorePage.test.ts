import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';

import { exampleOperations } from '../../src/server/explore/exampleOperations.ts';
import { graphUrl, startCli } from '../support/process/cli.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Rows that the examples find: of the samples' first patient, today. */
const imageSets = manyImageSets(12).map(() => ({
  tags: {
    DICOMPatientId: 'SAMPLE-001',
    DICOMPatientName: 'Sample^Ada',
    DICOMStudyDate: new Date().toISOString().slice(0, 10).replaceAll('-', ''),
  },
}));

let local: Local;
let gateway: TestGateway;
let browser: Browser;
let page: Page;
/** Requests that would have left this machine; each was blocked. */
let outside: string[];
let complaints: string[];

beforeAll(async () => {
  local = await withLocal({ imageSets });
  gateway = await startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId] });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
});
afterAll(async () => {
  await browser.close();
  await gateway[Symbol.asyncDispose]();
  await local.close();
});
beforeEach(async () => {
  [outside, complaints] = [[], []];
  const context = await browser.newContext({ viewport: { width: 1400, height: 850 } });
  await context.route(leavesTheMachine, (route) => {
    outside.push(route.request().url());
    return route.abort();
  });
  page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(gateway.url);
  await page.locator('.graphiql-execute-button').waitFor();
});

function leavesTheMachine({ protocol, hostname }: URL): boolean {
  return hostname !== '127.0.0.1' && protocol !== 'blob:' && protocol !== 'data:';
}

/** The editor draws spaces as no-break ones. */
const answerText = async () => (await page.locator('.result-window').innerText()).replaceAll('\u00a0', ' ');
const tab = (name: string) => page.locator('.graphiql-tab-button').getByText(name, { exact: true });

/** GraphiQL takes a moment after a change of tabs to know the operation, and until then a click runs nothing. */
async function clickUntilAnswered(): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const answered = page.waitForResponse((response) => response.request().method() === 'POST', {
      timeout: 5_000,
    });
    await page.locator('.graphiql-execute-button').click();
    try {
      await answered;
      return;
    } catch (error) {
      if (tries === 4) throw error;
    }
  }
}

async function run(): Promise<string> {
  await clickUntilAnswered();
  await page.locator('.result-window', { hasText: '"data"' }).waitFor();
  return answerText();
}

afterEach(() => page.context().close());

describe('the explore page in Chromium, without internet', () => {
  test('loads without a complaint, runs its first example and shows rows', async () => {
    await page.waitForLoadState('networkidle');
    const shown = await run();
    expect(shown).toContain('"patientName": "Sample^Ada"');
    expect(shown).not.toContain('"errors"');
    expect({ complaints, outside }).toEqual({ complaints: [], outside: [] });
  });

  test('has a tab for each example, and each runs at a click', async () => {
    await page.waitForLoadState('networkidle');
    const names = exampleOperations(Date.now()).map(({ query }) => /query (\w+)/.exec(query)?.[1] ?? '');
    expect(await page.locator('.graphiql-tab-button').allInnerTexts()).toEqual(names);
    for (const name of names) {
      await tab(name).click();
      expect(await page.locator('.graphiql-tab-active .graphiql-tab-button').innerText()).toBe(name);
      const shown = await run();
      expect(shown).toContain('"imageSetId"');
      expect(shown).not.toContain('"errors"');
    }
    expect({ complaints, outside }).toEqual({ complaints: [], outside: [] });
  });

  test('keeps what is typed out of the address bar, where a patient would be for history and logs to hold', async () => {
    await page.waitForLoadState('networkidle');
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.type('# PATIENT-7 ');
    await page.locator('.graphiql-query-editor', { hasText: 'PATIENT-7' }).waitFor();
    expect(page.url()).toBe(gateway.url);
  });

  test.each([
    ['at a first visit', false],
    ['at a later one', true],
  ])('opens with the operation of a link, %s', async (_title, isLater) => {
    if (isLater) await page.waitForFunction(() => localStorage.getItem('graphiql:tabState') !== null);
    else await page.evaluate(() => localStorage.clear());
    await page.goto(`${gateway.url}?query=${encodeURIComponent('query Linked { datastore { status } }')}`);
    await tab('Linked').waitFor();
    expect(await run()).toContain('"status": "ACTIVE"');
  });
});

test('the README has a picture of it, over the sample image sets', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'picture-'));
  const sampled = startCli(['serve'], { HEALTHIMAGING_DATA_DIR: directory, PORT: '0' });
  await page.setViewportSize({ width: 1200, height: 680 });
  await page.goto(await sampled.printed(graphUrl));
  await page.waitForLoadState('networkidle');
  expect(await run()).toContain('"patientName"');
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  expect(picture.length).toBeLessThan(200_000);
  // `npm run picture` sets it.
  const file = process.env['PICTURE_FILE'];
  if (file !== undefined) await writeFile(file, picture);
  sampled.child.kill('SIGTERM');
  await sampled.finished;
  await rm(directory, { recursive: true });
});
