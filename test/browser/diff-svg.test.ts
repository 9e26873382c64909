import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { compareProfiles } from '../../src/profile/diff/compare.ts';
import { type Comparison, VERDICTS } from '../../src/profile/diff/comparison.ts';
import type { DiffPictureOptions } from '../../src/render/diff/options.ts';
import { changed as comparison, comparisonOf, judged, sidesOf } from '../render/diff/comparison-of.ts';
import { draw } from '../render/diff/diff-data.ts';
import { HOSTILE_NAMES } from '../render/hostile-names.ts';
import { requireTool } from '../require-tool.ts';
import { clickOn, labels, nodeCount, pointAt, search, spanOf, textOf } from './compact-page.ts';
import { faintTexts } from './faint-texts.ts';
import { chromiumIsHere, launchChromium, type OpenedSvg, openSvg } from './open-svg.ts';

describe.skipIf(!requireTool('chromium', chromiumIsHere))(
  'differential flame graph SVG in chromium, from a file',
  () => {
    let browser: Browser;
    let opened: OpenedSvg;

    async function open(
      drawn: Comparison,
      options: DiffPictureOptions = {},
      window: Parameters<typeof openSvg>[2] = {},
    ) {
      opened = await openSvg(browser, draw(drawn, options), { name: 'diff.svg', ...window });
      return opened.page;
    }

    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser?.close());
    afterEach(async () => {
      expect(opened.misdeeds).toEqual([]);
      await opened.close();
    });

    test('three views of the same frames: as wide as before, after, and on the side where each is wider', async () => {
      const page = await open(comparison);
      expect(await spanOf(page, '▲ parse')).toEqual({ left: 165.2, width: 742.8 });
      expect(await labels(page)).toContain('+ newEmit +14.0 points');
      expect((await labels(page)).join()).not.toContain('oldEmit');
      expect(await page.locator('#view-after').getAttribute('aria-pressed')).toBe('true');

      await page.click('#view-before');
      expect(await spanOf(page, '▲ parse')).toEqual({ left: 177, width: 589.4 });
      expect(await labels(page)).toContain('− oldEmit −15.0 points');
      expect((await labels(page)).join()).not.toContain('newEmit');

      await page.click('#view-max');
      const both = (await labels(page)).join();
      expect(both).toContain('oldEmit');
      expect(both).toContain('newEmit');

      await page.keyboard.press('v');
      expect(await page.locator('#view-before').getAttribute('aria-pressed')).toBe('true');
    });

    test('pointing tells shares, change, interval, verdict and weights', async () => {
      const page = await open(comparison);
      await pointAt(page, '▲ parse');
      expect(await textOf(page, '#details')).toBe('parse');
      expect(await textOf(page, '#details-numbers')).toMatch(
        /^50\.00% → 63\.00% {2}· {2}\+13\.0 points \[\+[\d.]+, \+[\d.]+\] {2}· {2}grew {2}· {2}500 → 630 samples {2}· {2}×1\.26 {2}· {2}self 20\.00% → 21\.00%$/,
      );
      expect(await textOf(page, '#pointed title')).toMatch(
        /^parse {2}50\.00% → 63\.00% {2}\+13\.0 points \[.*\] {2}grew$/,
      );
    });

    test('what is gone is listed and leads to where it was', async () => {
      const page = await open(comparison);
      expect(await textOf(page, '#gone-line')).toBe('Gone:−15.0 oldEmit');
      await page.locator('#gone-line button').click();
      expect(await page.locator('#view-before').getAttribute('aria-pressed')).toBe('true');
      expect(await textOf(page, '#details')).toBe('oldEmit');
      expect(await page.evaluate('location.hash')).toBe('#v=before');
    });

    test('a zoom into what the other view has not goes to its caller there', async () => {
      const page = await open(comparison);
      await clickOn(page, '+ newEmit');
      expect(await textOf(page, '#crumbs')).toBe('all›main›+ newEmit');
      await page.click('#view-before');
      expect(await textOf(page, '#crumbs')).toBe('all›main');
      await page.click('#view-after');
      await page.click('#reset');
      expect(await textOf(page, '#crumbs')).toMatch(/^old\.folded 1,000 samples → new\.folded 1,000 samples/);
    });

    test('verdicts of the legend can be singled out, and say how many paths they are', async () => {
      const page = await open(comparison);
      await page.locator('#kinds [data-group=grew]').click();
      expect(await textOf(page, '#matched')).toBe('2 paths');
      await page.keyboard.press('n');
      // The most changed first
      expect(await textOf(page, '#details')).toBe('parse');
      await page.keyboard.press('Escape');
      await page.locator('#kinds [data-group=gone]').click();
      expect(await textOf(page, '#matched')).toBe('1 path; what is gone is seen in Before and Both');
    });

    test('searches by names alone and measures by the view', async () => {
      const page = await open(comparison);
      await search(page, 'Emit');
      expect(await textOf(page, '#matched')).toBe('Matched: 14.00%');
      await page.keyboard.press('Escape');
      await page.click('#view-before');
      await search(page, 'Emit');
      expect(await textOf(page, '#matched')).toBe('Matched: 15.00%');
    });

    test('the address keeps view, zoom and search', async () => {
      const page = await open(comparison, {}, { hash: '#v=before&z=2,0&s=flush' });
      expect(await page.locator('#view-before').getAttribute('aria-pressed')).toBe('true');
      expect(await textOf(page, '#crumbs')).toBe('all›main›− oldEmit');
      expect(await textOf(page, '#matched')).toMatch(/^Matched: 100\.00% of view/);
      await page.goto(`${page.url().split('#')[0]}#v=nonsense`);
      expect(await page.locator('#view-after').getAttribute('aria-pressed')).toBe('true');
    });

    test('arrow keys pass over what the view does not show', async () => {
      const page = await open(comparison);
      await clickOn(page, 'main');
      await page.keyboard.press('ArrowUp');
      const seen: string[] = [];
      for (let i = 0; i < 4; i++) {
        seen.push(await textOf(page, '#details'));
        await page.keyboard.press('ArrowLeft');
      }
      expect(seen).toEqual(['parse', 'newEmit', 'newEmit', 'newEmit']);
    });

    test.each([320, 800, 1900])('%i px wide: the picture fits the window', async (width) => {
      const page = await open(comparison, {}, { width });
      expect(await page.evaluate('document.documentElement.getBoundingClientRect().width')).toBe(width);
      const over = await page.evaluate(`[...document.querySelectorAll('.bar *')]
      .filter((e) => e.getBoundingClientRect().right > ${width} + 0.5 && getComputedStyle(e.parentElement).overflow === 'visible')
      .map((e) => e.textContent)`);
      expect(over).toEqual([]);
    });

    test.each(['light', 'dark'] as const)('every text can be read (%s)', async (scheme) => {
      const page = await open(
        judged(comparison, { parse: 'grew', scan: 'untested', newEmit: 'new', rest: 'below-cut' }),
        {},
        {
          dark: scheme === 'dark',
        },
      );
      expect(await faintTexts(page)).toEqual([]);
      await page.click('#view-max');
      expect(await faintTexts(page)).toEqual([]);
      await page.locator('#kinds button').first().click();
      await page.locator('#keys').click();
      expect(await faintTexts(page)).toEqual([]);
    });

    test('on paper all of it is there, and which view it is', async () => {
      const page = await open(comparison);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.views button:visible').allTextContents()).toEqual(['After']);
      expect(await page.locator('#search:visible').count()).toBe(0);
    });

    test('without scripts it is a right picture', async () => {
      const page = await open(comparison, {}, { scripts: false });
      expect(await page.locator('#static text').first().textContent()).toBe('Differential Flame Graph');
      expect((await page.locator('#labels text').allTextContents()).join()).toContain('▲ parse +13.0 points');
    });

    test('hostile names are only text', async () => {
      const side = (weight: (i: number) => number) => {
        const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
        HOSTILE_NAMES.forEach((name, i) => {
          builder.sample(builder.stack(-1, builder.frame({ name })), [weight(i)]);
        });
        return builder.build();
      };
      const [before, after] = [side((i) => 10 + i), side((i) => 40 - i)];
      const names = { before: HOSTILE_NAMES[0]!, after: HOSTILE_NAMES[1]! };
      const hostile = compareProfiles([before], [after], { match: 'exact', names });
      const gone = VERDICTS.indexOf('gone');
      const paths = { ...hostile.paths, verdict: hostile.paths.verdict.map(() => gone) };
      const page = await open({ ...hostile, paths }, { embed: { before, after } });
      for (const view of ['before', 'max', 'after']) await page.click(`#view-${view}`);
      await page.locator('#gone-line button').first().click();
      await search(page, '<');
      expect(await page.evaluate('window.__pwned')).toBeUndefined();
    });

    test('wide profiles stay below 2,000 nodes, whatever one does', async () => {
      let lines = '';
      for (let i = 0; i < 3000; i++) lines += `main;a${i % 40};b${i % 900};c${i} ${10 + (i % 7)} ${9 + (i % 11)}\n`;
      const page = await open(comparisonOf(lines), { embed: sidesOf(lines) }, { scripts: true });
      for (const view of ['before', 'max', 'after']) {
        await page.click(`#view-${view}`);
        expect(await nodeCount(page)).toBeLessThan(2000);
      }
    });
  },
);
