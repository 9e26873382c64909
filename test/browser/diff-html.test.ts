import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { compareProfiles } from '../../src/profile/diff/compare.ts';
import type { Comparison } from '../../src/profile/diff/comparison.ts';
import { diffHtml } from '../../src/render/diff/html/diff-html.ts';
import type { DiffPictureOptions } from '../../src/render/diff/options.ts';
import { changed as comparison, judged, CHANGED_LINES as LINES, sidesOf } from '../render/diff/comparison-of.ts';
import { HOSTILE_NAMES } from '../render/hostile-names.ts';
import { requireTool } from '../require-tool.ts';
import { chromiumIsHere, launchChromium, type OpenedSvg, openSvg } from './open-svg.ts';
import { contrastOf, PAINTED_LABELS, type PaintedLabel, WATCH_LABELS } from './painted-labels.ts';

function draw(drawn: Comparison, options: DiffPictureOptions): string {
  return [...diffHtml.render(drawn, options)].join('');
}

describe.skipIf(!requireTool('chromium', chromiumIsHere))('the report of a comparison in chromium, from a file', () => {
  let browser: Browser;
  let opened: OpenedSvg;

  async function open(
    drawn = comparison,
    options: DiffPictureOptions = {},
    window: Parameters<typeof openSvg>[2] = {},
  ) {
    const before = WATCH_LABELS;
    opened = await openSvg(browser, draw(drawn, options), { name: 'diff.html', before, ...window });
    await opened.page.locator('[role=tab]').first().waitFor();
    return opened.page;
  }

  /** Texts on the canvases. */
  async function painted(): Promise<string[]> {
    return ((await opened.page.evaluate(PAINTED_LABELS)) as PaintedLabel[]).map(({ text }) => text);
  }

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    expect(opened.misdeeds).toEqual([]);
    await opened.close();
  });

  test('three views of the flame graph, by buttons and by a key', async () => {
    const page = await open();
    expect(await painted()).toEqual(
      expect.arrayContaining(['▲ parse', '+13.0 points', '+ newEmit', 'all  1,000 → 1,000 samples']),
    );
    expect((await painted()).join()).not.toContain('oldEmit');
    await page.click('#widths-before');
    expect(await painted()).toContain('− oldEmit');
    expect((await painted()).join()).not.toContain('newEmit');
    await page.keyboard.press('v');
    await page.keyboard.press('v');
    expect(await page.locator('#widths-max').getAttribute('aria-pressed')).toBe('true');
    expect(await painted()).toEqual(expect.arrayContaining(['− oldEmit', '+ newEmit']));
    expect(await page.evaluate('location.hash')).toBe('#w=max');
  });

  test('functions with shares, change, interval, verdict and own weight; sorted by change, or as asked for', async () => {
    const page = await open();
    await page.keyboard.press('2');
    const cells = (): Promise<string[][]> =>
      page
        .locator('.functions .row')
        .evaluateAll((rows) =>
          (rows as unknown as { children: { textContent: string }[] }[]).map(({ children }) =>
            [...children].map(({ textContent }) => textContent),
          ),
        );
    expect((await cells())[0]!.slice(0, 3)).toEqual(['15.00%', '0.00%', '−15.0']);
    const parse = (await cells()).find((row) => row.includes('parse'))!;
    expect(parse.slice(0, 3)).toEqual(['50.00%', '63.00%', '+13.0']);
    expect(parse[3]).toMatch(/^\[\+[\d.]+, \+[\d.]+\]$/);
    expect(parse[5]).toBe('20.00% → 21.00%');
    await page.locator('.functions .head [data-key=before]').click();
    expect((await cells())[0]!.slice(0, 2)).toEqual(['100.00%', '100.00%']);
  });

  test('the legend and the search single out', async () => {
    const page = await open();
    await page.keyboard.press('2');
    const all = Number(/^\d+/.exec((await page.locator('.counted').textContent())!)![0]);
    await page.locator('#verdict-unchanged').click();
    expect(await page.locator('.counted').textContent()).toMatch(new RegExp(`of ${all} functions$`));
    await page.keyboard.press('Escape');
    await page.locator('input[type=search]').fill('Emit');
    await page.keyboard.press('Enter');
    expect(await page.locator('.functions .row .name').allTextContents()).toHaveLength(2);
  });

  test('a function between its callers and callees, with both sides', async () => {
    const page = await open();
    await page.keyboard.press('2');
    await page.locator('.functions .row', { hasText: 'flush' }).click();
    expect(await page.locator('.sandwich-head').textContent()).toContain('15.00% → 14.00%');
    await page.click('#widths-before');
    expect(await painted()).toContain('oldEmit');
    await page.click('#widths-after');
    expect(await painted()).toContain('newEmit');
    expect(await page.evaluate('location.hash')).toMatch(/view=functions.*f=\d+/);
    await page.reload();
    await page.locator('.sandwich-head .name').waitFor();
    expect(await page.locator('.sandwich-head .name').textContent()).toBe('flush');
  });

  test('Back leads from a function between its callers to the frame that was chosen', async () => {
    const page = await open(comparison, { inverted: true });
    const box = (await page.locator('.flame').first().boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.3, box.y + 18 * 2.5);
    await page.keyboard.press('c');
    await page.locator('.sandwich-head .name').waitFor();
    await page.goBack();
    expect(await page.locator('.crumbs').first().textContent()).toBe('all›main›parse');
    expect(await page.locator('#view-flame').isVisible()).toBe(true);
  });

  test('dots stand over what a drawing may have cut, as in the picture: no colour stands alone', async () => {
    const page = await open(judged(comparison, { rest: 'below-cut' }));
    expect(await page.locator('#verdict-below-cut .dots').count()).toBe(1);
    const boxes = `new Map(window.painted.map(({ text, box }) => [text, String(box.color)]))`;
    expect(await page.evaluate(`${boxes}.get('rest')`)).toBe('[object CanvasPattern]');
    expect(await page.evaluate(`${boxes}.get('parse')`)).toMatch(/^#/);
  });

  test('the title stands whole beside the summary', async () => {
    const page = await open(comparison, {}, { width: 800 });
    expect(await page.evaluate("(h => h.scrollWidth <= h.clientWidth + 1)(document.querySelector('h1'))")).toBe(true);
  });

  test('pointing and choosing tell the numbers; a click zooms, Back comes back', async () => {
    const page = await open(comparison, { inverted: true });
    const box = (await page.locator('.flame').first().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + 18 * 2.5);
    expect(await page.locator('.tooltip').textContent()).toMatch(
      /^parse50\.00% → 63\.00%\+13\.0 points \[.*\] {2}· {2}grew/,
    );
    await page.mouse.click(box.x + box.width * 0.3, box.y + 18 * 2.5);
    expect(await page.locator('.crumbs').first().textContent()).toBe('all›main›parse');
    expect(await page.locator('footer .numbers').textContent()).toContain('500 → 630 samples');
    await page.goBack();
    expect(await page.locator('.crumbs').first().textContent()).toBe('Click a frame to zoom in');
  });

  test('facts of both sides, how it was compared, notes', async () => {
    const embed = sidesOf(LINES);
    const page = await open(comparison, { embed, notes: ['a note'] });
    await page.keyboard.press('3');
    const text = (await page.locator('.about').textContent())!;
    for (const said of ['old.folded', 'new.folded', 'a note', 'False discoveries', 'at most 5.0%'])
      expect(text).toContain(said);
  });

  test.each([
    [360, 'light'],
    [1280, 'dark'],
    [1900, 'light'],
  ] as const)('%i px wide, %s: nothing sticks out, labels can be read', async (width, scheme) => {
    const page = await open(
      judged(comparison, { parse: 'grew', scan: 'untested', newEmit: 'new', rest: 'below-cut' }),
      {},
      {
        width,
        dark: scheme === 'dark',
      },
    );
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const faint = ((await page.evaluate(PAINTED_LABELS)) as PaintedLabel[])
      .filter(({ box }) => /^#/.test(String(box.color)))
      .filter((label) => contrastOf(label, scheme === 'dark' ? '#16171b' : '#ffffff') < 4.5);
    expect(faint).toEqual([]);
    await page.keyboard.press('2');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  test('hostile names are only text, and the page loads nothing', async () => {
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
    const page = await open(hostile, { embed: { before, after } });
    for (const key of ['2', '3', '1', 'v']) await page.keyboard.press(key);
    await page.keyboard.press('2');
    await page.locator('.functions .row').first().click();
    expect(await page.evaluate('window.__pwned')).toBeUndefined();
  });
});
