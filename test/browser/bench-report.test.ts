import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { benchmarkId } from '../../src/bench/measurement.ts';
import { benchHtml } from '../../src/render/bench/bench-html.ts';
import { plotFile } from '../../src/render/bench/plot.ts';
import { benchmarkFiles } from '../../src/render/bench/plots.ts';
import type { BenchReport } from '../../src/render/bench/report.ts';
import { measured, reported, treeReport } from '../render/bench/report-of.ts';
import { requireTool } from '../require-tool.ts';
import { chromiumIsHere, launchChromium, openSvg } from './open-svg.ts';

describe.skipIf(!requireTool('chromium', chromiumIsHere))('the benchmarks’ report in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => browser?.close());

  const open = (report: BenchReport, options: Parameters<typeof openSvg>[2] = {}) =>
    openSvg(browser, [...benchHtml(report)].join(''), { name: 'report.html', height: 900, ...options });

  test('a tree of Criterion: a row and a section each, a link opens its section', async () => {
    const { page, misdeeds, close } = await open(treeReport());
    expect(await page.locator('.overview tbody tr').count()).toBe(10);
    expect(await page.locator('details').count()).toBe(10);
    expect(await page.locator('details[open]').count()).toBe(0);
    await page.locator('.overview a').nth(2).click();
    expect(await page.locator('details[open]').getAttribute('id')).toBe('b2');
    expect(await page.locator('#b2 svg.plot').first().isVisible()).toBe(true);
    expect(misdeeds).toEqual([]);
    await close();
  });

  test('the search leaves what has its words; / goes there, Escape shows all again', async () => {
    const { page, misdeeds, close } = await open(treeReport());
    await page.keyboard.press('/');
    await page.keyboard.type('hash_bytes');
    const shown = await page.locator('.overview tbody tr:not([hidden])').allTextContents();
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.every((row) => row.includes('hash_bytes'))).toBe(true);
    expect(await page.locator('.group:not([hidden])').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.locator('.overview tbody tr:not([hidden])').count()).toBe(10);
    expect(misdeeds).toEqual([]);
    await close();
  });

  test('an address with a benchmark opens it', async () => {
    const { page, close } = await open(treeReport(), { hash: '#b4' });
    expect(await page.locator('details[open]').getAttribute('id')).toBe('b4');
    await close();
  });

  test('without scripts all is there', async () => {
    const { page, misdeeds, close } = await open(treeReport(), { scripts: false });
    expect(await page.locator('details').count()).toBe(10);
    expect(await page.locator('.find').isVisible()).toBe(false);
    expect(misdeeds).toEqual([]);
    await close();
  });

  test('names never become markup, in the page and in plots', async () => {
    const evil = `</title></style><script>window.canary=1</script><img src=x onerror="window.canary=1">`;
    const benchmarks = [
      { ...reported(measured([evil, evil, '1'], 10), measured([evil, evil, '1'], 20)), warnings: [evil] },
      reported(measured([evil, evil, '20'], 200)),
      { id: benchmarkId(evil), judged: { verdict: 'inconclusive' as const, basis: evil } },
    ];
    const { page, misdeeds, close } = await open({ title: evil, facts: [[evil, evil]], benchmarks });
    expect(await page.evaluate('window.canary')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('.warnings').textContent()).toBe(evil);
    expect(misdeeds).toEqual([]);
    await close();
  });

  test('each plot is a picture of its own, well-formed, light and dark', async () => {
    const benchmark = reported(measured(['a < b & c', 'f', '1'], 10), measured(['a < b & c', 'f', '1'], 20));
    for (const plot of benchmarkFiles(benchmark)) {
      const dark = plot.name === 'pdf';
      const { page, misdeeds, close } = await openSvg(browser, [...plotFile(plot)].join(''), { dark });
      expect(await page.evaluate('document.documentElement.tagName')).toBe('svg');
      const ground = await page.evaluate("getComputedStyle(document.querySelector('.ground')).fill");
      expect(ground).toBe(dark ? 'rgb(23, 24, 29)' : 'rgb(255, 255, 255)');
      expect(misdeeds).toEqual([]);
      await close();
    }
  });

  test('on a narrow screen the tables scroll, the page does not', async () => {
    const { page, close } = await open(treeReport(), { width: 380, hash: '#b0' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(380);
    await close();
  });
});
