import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatValue } from '../../src/profile/units.ts';
import { chartHtml } from '../../src/render/heap/chart-html.ts';
import { chartSvg } from '../../src/render/heap/chart-svg.ts';
import { fixtureHistory } from '../render/heap/heap-of.ts';
import { requireTool } from '../require-tool.ts';
import { chromiumIsHere, launchChromium, openSvg } from './open-svg.ts';

describe.skipIf(!requireTool('chromium', chromiumIsHere))('the heap over time in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => browser?.close());

  const open = async (kind: 'svg' | 'html') => {
    const history = await fixtureHistory('ls.out');
    const text = [...(kind === 'svg' ? chartSvg : chartHtml)(history, {})].join('');
    const { page, misdeeds, close } = await openSvg(browser, text, { name: `heap.${kind}`, height: 900 });
    const moment = () => page.locator('.heap-moment').textContent();
    return { history, page, misdeeds, close, moment };
  };

  test.each(['svg', 'html'] as const)(
    '%s: pointing at a snapshot tells its numbers; leaving, those of the peak',
    async (kind) => {
      const { history, page, misdeeds, close, moment } = await open(kind);
      const peak = await moment();
      expect(peak).toMatch(/marked as the peak$/);
      const plot = (await page.locator('.heap-plot .frame').boundingBox())!;
      await page.mouse.move(plot.x + plot.width - 1, plot.y + plot.height / 2);
      const last = history.snapshots.length - 1;
      const total = history.snapshots.heap[last]! + history.snapshots.extra[last]! + history.snapshots.stacks[last]!;
      expect(await moment()).toContain(`snapshot ${last}  ·  `);
      expect(await moment()).toContain(formatValue(total, 'bytes'));
      await page.mouse.move(2, 2);
      expect(await moment()).toBe(peak);
      expect(misdeeds).toEqual([]);
      await close();
    },
  );

  test('arrow keys step, a click stays, Escape goes back', async () => {
    const { page, misdeeds, close, moment } = await open('svg');
    const peak = await moment();
    const number = async () => Number(/^snapshot (\d+)/.exec((await moment())!)![1]);
    const home = await number();
    await page.locator('.heap-plot').focus();
    await page.keyboard.press('ArrowRight');
    expect(await number()).toBe(home + 1);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await number()).toBe(home - 1);
    await page.keyboard.press('Escape');
    expect(await moment()).toBe(peak);
    expect(misdeeds).toEqual([]);
    await close();
  });

  test('a row of the legend lifts its band out', async () => {
    const { page, close } = await open('svg');
    await page.locator('.heap-row').last().hover();
    expect(await page.locator('.heap-band.on').count()).toBe(1);
    expect(await page.locator('svg.chosen').count()).toBe(1);
    await close();
  });

  test('on a narrow screen words stay words: chart and tables scroll, the page does not', async () => {
    const history = await fixtureHistory('ls.out');
    const text = [...chartHtml(history, {})].join('');
    const { page, close } = await openSvg(browser, text, { name: 'heap.html', width: 380 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(380);
    const name = (await page.locator('tbody td:last-child').first().boundingBox())!;
    expect(name.width).toBeGreaterThan(150);
    const words = (await page.locator('.heap-moment').boundingBox())!;
    expect(words.height).toBeGreaterThan(7);
    await close();
  });

  test('without scripts the picture tells the peak', async () => {
    const history = await fixtureHistory('ls.out');
    const { page, close } = await openSvg(browser, [...chartSvg(history, {})].join(''), { scripts: false });
    expect(await page.locator('.heap-moment').textContent()).toMatch(/marked as the peak$/);
    expect(await page.locator('.heap-band').count()).toBeGreaterThan(3);
    await close();
  });
});
