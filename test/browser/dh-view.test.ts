import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDhat } from '../../src/formats/dhat/read-dhat.ts';
import { openInput } from '../../src/formats/input.ts';
import { VIEW_SORTS } from '../../src/render/dhat/view-sorts.ts';
import { viewText } from '../../src/render/dhat/view-text.ts';
import { FIXTURES } from '../formats/harness.ts';
import { requireTool } from '../require-tool.ts';
import { chromiumIsHere, launchChromium } from './open-svg.ts';

/** The page that valgrind brings along. */
const DH_VIEW = '/usr/libexec/valgrind/dh_view.html';
const tools = [requireTool('chromium', chromiumIsHere), requireTool('dh_view', existsSync(DH_VIEW))];
const folder = join(FIXTURES, 'dhat');

describe.skipIf(tools.includes(false))('valgrind’s own dh_view in a browser', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage({ locale: 'en-US' });
  });
  afterAll(async () => browser?.close());

  test.each(readdirSync(folder).filter((name) => name.endsWith('.out')))(
    '%s: shows what we print, in every sort that it offers',
    async (name) => {
      const path = join(folder, name);
      const points = await readDhat(await openInput(path));
      await page.goto(`file://${DH_VIEW}`);
      await page.setInputFiles('input', path);
      await page.waitForSelector('pre');
      const offered = await page
        .locator('option')
        .evaluateAll((options) =>
          options.flatMap((option, i) => ((option as unknown as { disabled: boolean }).disabled ? [] : [i])),
        );
      const ours = VIEW_SORTS.flatMap(({ needs }, i) => (needs.every((need) => points.values.has(need)) ? [i] : []));
      expect(ours).toEqual(offered);
      for (const i of offered) {
        await page.selectOption('select', { index: i });
        expect([...viewText(points, VIEW_SORTS[i]!)].join('')).toBe(await page.locator('pre').textContent());
      }
    },
  );
});
