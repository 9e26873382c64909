import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { calleesOf, callersOf } from '../../src/profile/around-function.ts';
import { KINDS, type Profile } from '../../src/profile/profile.ts';
import { type FlameHtmlOptions, flameHtml } from '../../src/render/html/flame-html.ts';
import { treeRows } from '../../src/render/tree-rows.ts';
import { profileOf } from '../profile/profile-of.ts';
import { HOSTILE_NAMES } from '../render/hostile-names.ts';
import { requireTool } from '../require-tool.ts';
import { chromiumIsHere, launchChromium, type OpenedSvg, openSvg } from './open-svg.ts';
import { contrastOf, PAINTED_LABELS, type PaintedLabel, WATCH_LABELS } from './painted-labels.ts';

/** What scripts of the page read of an element; tests are compiled without the DOM's types. */
interface Sizes {
  readonly clientWidth: number;
  readonly clientHeight: number;
  readonly scrollHeight: number;
  scrollTop: number;
}

const FLAME = '#view-flame .flame';
const MS = 1_000_000;
const clock = { valueTypes: [{ type: 'cpu', unit: 'nanoseconds' }] };

/** Two threads; `parse` has 50 of 100 ms, `slice` 30 of them; the first 50 ms are of `main` alone. */
const profile = profileOf(
  `
  [main 10/10] main{app};parse /srv/app/lib/parse.js:10:3{app};slice{builtin} ${30 * MS} @0
  [main 10/10] main{app};parse /srv/app/lib/parse.js:10:3{app} ${20 * MS} @${30 * MS}
  [worker 10/12] main{app};resolve /srv/app/node_modules/r/index.js:5:1{dependency};stat node:fs:7:2{runtime} ${40 * MS} @${50 * MS}
  [worker 10/12] (garbage collector){gc} ${10 * MS} @${90 * MS}
`,
  { ...clock, meta: { notes: ['3 samples were lost'], command: ['node', 'shop.js'] } },
);

/** Every kind of frame, in several shades, as wide as the picture; and one that shares it. */
const everyKind = profileOf(
  `[main 1/1] ${KINDS.flatMap((kind) => ['odd', 'even', 'third'].map((name) => `${name}_${kind} /app/${name}.js:7:1{${kind}}`)).join(';')} ${MS} @0
   [other 1/2] narrow ${MS / 10} @0`,
  clock,
);

const source = {
  file: '/srv/app/lib/parse.js',
  length: 12,
  parts: [{ from: 9, lines: ['', 'function parse(text) {', '  return text.slice(1);', '}'] }],
  changed: false,
};

function draw(drawn: Profile, options: FlameHtmlOptions): string {
  return [...flameHtml.render(drawn, options)].join('');
}

describe.skipIf(!requireTool('chromium', chromiumIsHere))('the HTML report in chromium, from a file', () => {
  let browser: Browser;
  let opened: OpenedSvg;

  async function open(drawn = profile, options: FlameHtmlOptions = {}, window: Parameters<typeof openSvg>[2] = {}) {
    opened = await openSvg(browser, draw(drawn, { inverted: true, ...options }), { name: 'report.html', ...window });
    await opened.page.locator('[role=tab]').first().waitFor();
    return opened.page;
  }

  /** Points at a frame of a canvas: its row and where it is, as a part of the width. */
  async function at(page: Page, canvas: string, row: number, part: number, rowHeight = 18) {
    const box = (await page.locator(canvas).boundingBox())!;
    // The scroll bar has its own place on the right
    const width = await page.locator(canvas).evaluate(({ clientWidth }: Sizes) => clientWidth);
    return { x: box.x + part * width, y: box.y + (row + 0.5) * rowHeight };
  }

  async function click(page: Page, canvas: string, row: number, part: number) {
    const { x, y } = await at(page, canvas, row, part);
    await page.mouse.click(x, y);
  }

  async function tooltip(page: Page, canvas: string, row: number, part: number, rowHeight = 18): Promise<string[]> {
    const { x, y } = await at(page, canvas, row, part, rowHeight);
    await page.mouse.move(x, y);
    return page.locator('.tooltip:visible > div').allTextContents();
  }

  /** The page's own word: what playwright knows comes later. */
  const hash = (page: Page) => page.evaluate<string>('location.hash');
  const details = (page: Page) => page.locator('footer').textContent();
  const rows = (page: Page) =>
    page.evaluate(
      "[...document.querySelectorAll('.functions .row .name')].map((cell) => cell.firstChild.textContent)",
    ) as Promise<string[]>;
  const tab = (page: Page, name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    // Whatever a test does: no message, no dialog, no error, no network.
    expect(opened.misdeeds).toEqual([]);
    await opened.close();
  });

  test('the flame graph: a frame tells its numbers, a click zooms, breadcrumbs and Back lead back', async () => {
    const page = await open();
    expect(await page.locator('h1').textContent()).toBe('node shop.js');
    // Rows: all, the threads, their frames
    expect(await tooltip(page, FLAME, 3, 0.1)).toEqual([
      'parse',
      '/srv/app/lib/parse.js:10',
      'total 50 ms (50.00%)',
      'self 20 ms (20.00%)',
      'app',
    ]);
    await click(page, FLAME, 3, 0.1);
    expect(await page.locator('.crumbs').textContent()).toBe('all›main›main›parse');
    expect(await details(page)).toContain('total 50 ms (50.00%)  ·  self 20 ms (20.00%)  ·  app');
    expect(await tooltip(page, FLAME, 4, 0.5)).toContain('total 30 ms (30.00%), 60.00% of view');
    expect(await hash(page)).toContain('z=2%2C0');
    await page.goBack();
    expect(await page.locator('.crumbs').textContent()).toContain('Click a frame');
    await page.goForward();
    expect(await page.locator('.crumbs').textContent()).toMatch(/parse$/);
    await page.locator('.crumb', { hasText: 'all' }).click();
    expect(await tooltip(page, FLAME, 3, 0.7)).toContain('/srv/app/node_modules/r/index.js:5');
  });

  test('Back leads from a function between its callers to the frame that was chosen', async () => {
    const page = await open();
    await click(page, FLAME, 3, 0.1);
    await page.keyboard.press('c');
    expect(await hash(page)).toContain('view=functions');
    await page.goBack();
    expect(await page.locator('.crumbs').textContent()).toBe('all›main›main›parse');
    expect(await page.locator('#view-flame').isVisible()).toBe(true);
  });

  test('by callers: the leaf is the root', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'By callers' }).click();
    expect(await tooltip(page, FLAME, 1, 0.05)).toContain('total 10 ms (10.00%)');
    expect(await tooltip(page, FLAME, 1, 0.15)).toContain('parse');
    expect(await tooltip(page, FLAME, 2, 0.15)).toContain('main');
    await page.getByRole('button', { name: 'Icicle' }).click();
    expect(await hash(page)).toMatch(/callers=1.*down=0/);
  });

  test('the page opens as it was asked: by callers, or with the timeline', async () => {
    const page = await open(profile, { callers: true });
    expect(await tooltip(page, FLAME, 1, 0.15)).toContain('parse');
    expect(await hash(page)).toBe('');
    expect(opened.misdeeds).toEqual([]);
    await opened.close();
    const timeline = await open(profile, { view: 'time' });
    await timeline.locator('.lane-head').first().waitFor();
    await tab(timeline, 'Flame graph');
    expect(await hash(timeline)).toContain('view=flame');
  });

  test('a link shows what its sender saw', async () => {
    const page = await open(profile, {}, { hash: '#z=2,0&s=slice' });
    expect(await page.locator('.crumbs').textContent()).toMatch(/parse$/);
    expect(await page.locator('.matched').textContent()).toBe('30.00% matched');
    expect(await page.locator('input').inputValue()).toBe('slice');
  });

  test('search: literal, a regular expression between slashes, capitals are exact; it counts a stack once', async () => {
    const page = await open();
    const search = async (term: string) => {
      await page.keyboard.press('/');
      await page.locator('input').fill(term);
      await page.keyboard.press('Enter');
      const matched = await page.locator('.matched').textContent();
      await page.locator('input').blur();
      return matched;
    };
    expect(await search('parse')).toBe('50.00% matched');
    expect(await search('PARSE')).toBe('0.00% matched');
    expect(await search('p.rse')).toBe('0.00% matched');
    expect(await search('/p.rse|STAT/')).toBe('50.00% matched');
    expect(await search('/p.rse|stat/')).toBe('90.00% matched');
    expect(await search('/(a+)+$/')).toBe('0.00% matched');
    expect(await search('/(/')).toBe('not a regexp: searched as plain text · 10.00% matched');
    await page.keyboard.press('Escape');
    expect(await page.locator('.matched').textContent()).toBe('');
    await page.keyboard.press('Control+f');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('INPUT');
  });

  test('the legend tells shares and singles a kind out', async () => {
    const page = await open();
    expect(await page.locator('.legend button').allTextContents()).toEqual([
      'app20.0%',
      'node core40.0%',
      'builtins30.0%',
      'GC10.0%',
    ]);
    await page.locator('.legend button', { hasText: 'node core' }).click();
    expect(await page.locator('.legend [aria-pressed=true]').textContent()).toBe('node core40.0%');
    await tab(page, 'Functions');
    expect(await rows(page)).toEqual(['stat']);
    await page.keyboard.press('Escape');
    expect((await rows(page)).length).toBe(6);
  });

  test('the table sorts by its heads, follows the search and is walked with the keys', async () => {
    const page = await open();
    await page.keyboard.press('3');
    const sorted = async (name: string) => {
      await page.getByRole('columnheader', { name }).getByRole('button').click();
      return rows(page);
    };
    expect(await rows(page)).toEqual(['stat', 'slice', 'parse', '(garbage collector)', 'main', 'resolve']);
    expect(await page.locator('.functions .row').first().textContent()).toBe(
      '40 ms40.0%40 ms40.0%node corestatnode:fs:7node:fs:7',
    );
    expect(await sorted('Total')).toEqual(['main', 'parse', 'stat', 'resolve', 'slice', '(garbage collector)']);
    expect(await sorted('Function')).toEqual(['(garbage collector)', 'main', 'parse', 'resolve', 'slice', 'stat']);
    expect(await sorted('Function')).toEqual(['stat', 'slice', 'resolve', 'parse', 'main', '(garbage collector)']);
    expect(await page.getByRole('columnheader', { name: 'Function' }).getAttribute('aria-sort')).toBe('descending');
    expect(await page.locator('.counted').textContent()).toBe('6 functions');
    await page.locator('input').fill('s');
    await page.locator('.counted', { hasText: '4 of 6' }).waitFor();
    expect(await rows(page)).toEqual(['stat', 'slice', 'resolve', 'parse']);
    await page.locator('.functions .scroller').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('.sandwich-title .name').textContent()).toBe('slice');
    await page.keyboard.press('End');
    expect(await page.locator('.functions [aria-selected=true] .name').textContent()).toContain('parse');
  });

  test('a long table holds only the rows that are seen', async () => {
    const many = profileOf(Array.from({ length: 5000 }, (_, i) => `f${i} ${5000 - i}`).join('\n'));
    const page = await open(many);
    await tab(page, 'Functions');
    expect((await rows(page)).length).toBeLessThan(80);
    await page.locator('.functions .scroller').focus();
    await page.keyboard.press('End');
    expect((await rows(page)).at(-1)).toBe('f4999');
    expect(await page.evaluate('document.querySelectorAll("*").length')).toBeLessThan(2000);
  });

  test('callers and callees have the numbers of report --callers and --callees', async () => {
    const page = await open();
    await click(page, FLAME, 3, 0.1);
    await page.keyboard.press('c');
    expect(await page.locator('.sandwich-head').textContent()).toContain(
      'total 50 ms (50.00%)  ·  self 20 ms (20.00%)',
    );
    const [above, below] = ['.sandwich .flame >> nth=0', '.sandwich .flame >> nth=1'];
    const height = (await page.locator(above).boundingBox())!.height;
    const callers = treeRows(callersOf(profile, /^parse$/), { minPercent: 0 });
    expect(callers.map(({ name, total }) => [name, total / MS])).toEqual([
      ['parse', 50],
      ['main', 50],
    ]);
    // The function itself stands below; its caller is the last row above
    expect((await tooltip(page, above, height / 18 - 0.6, 0.5)).slice(0, 1)).toEqual(['main']);
    expect(await tooltip(page, above, height / 18 - 0.6, 0.5)).toContain('50 ms (100.00%) of the function');
    const callees = treeRows(calleesOf(profile, /^parse$/), { minPercent: 0 });
    expect(callees.map(({ name, total }) => [name, total / MS])).toEqual([
      ['parse', 50],
      ['slice', 30],
    ]);
    expect(await tooltip(page, below, 0, 0.5)).toContain('50 ms (100.00%) of the function');
    expect(await tooltip(page, below, 1, 0.3)).toContain('30 ms (60.00%) of the function');
    expect(await hash(page)).toContain('view=functions');
    expect(await hash(page)).toContain('f=parse');
    await page.goBack();
    expect(await page.locator('#view-flame').isVisible()).toBe(true);
  });

  test('the timeline: lanes of threads, what was when; the wheel, drags and keys move it', async () => {
    const page = await open();
    // As fast as fingers can: the samples are read once
    for (const key of ['2', '1', '2', '2']) await page.keyboard.press(key);
    expect(await page.locator('.lane-head').allTextContents()).toEqual([
      '▾main 10/1050 ms (50.0%)',
      '▾worker 10/1250 ms (50.0%)',
    ]);
    const seen = () => page.locator('.seen').textContent();
    expect(await seen()).toBe('0 to 100 ms  ·  100 ms');
    // Below the head of the first lane (24 px): main, parse, slice
    const lane = async (row: number, part: number) => tooltip(page, '.lanes', 1.5 + row, part, 16);
    expect(await lane(1, 0.2)).toEqual([
      'parse',
      '/srv/app/lib/parse.js:10',
      '50 ms from 0 ns on',
      'main 10/10',
      'app',
    ]);
    expect(await lane(2, 0.1)).toContain('30 ms from 0 ns on');
    const { x, y } = await at(page, '.lanes', 3, 0.5);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -315);
    await page.waitForFunction("document.querySelector('.seen').textContent.startsWith('25 ms to 75 ms')");
    await page.mouse.down();
    await page.mouse.move(x + 50, y, { steps: 4 });
    await page.mouse.up();
    expect(await seen()).toMatch(/^2[23](?:\.\d)? ms to 7[23](?:\.\d)? ms/);
    await page.locator('.lanes').focus();
    await page.keyboard.press('+');
    expect(await seen()).toMatch(/33\.[34] ms$/);
    await page.keyboard.press('0');
    expect(await seen()).toBe('0 to 100 ms  ·  100 ms');
    await page.locator('.lane-head').first().click();
    expect(await page.locator('.lane-head').first().getAttribute('aria-expanded')).toBe('false');
  });

  test('a span of time and a thread narrow every view', async () => {
    const page = await open();
    await tab(page, 'Timeline');
    const overview = (await page.locator('.overview').boundingBox())!;
    await page.mouse.move(overview.x + overview.width / 2, overview.y + 20);
    await page.mouse.down();
    await page.mouse.move(overview.x + overview.width + 3, overview.y + 20, { steps: 3 });
    await page.mouse.up();
    expect(await page.locator('.seen').textContent()).toBe('50 ms to 100 ms  ·  50 ms');
    await page.getByRole('button', { name: 'Use this span' }).click();
    expect(await page.locator('.chip').textContent()).toContain('only 50 ms to 100 ms');
    await tab(page, 'Functions');
    expect(await rows(page)).toEqual(['stat', '(garbage collector)', 'main', 'resolve']);
    await page.getByRole('button', { name: 'All times again' }).click();
    expect((await rows(page)).length).toBe(6);
    await page.getByLabel('Threads').selectOption({ label: 'main 10' });
    expect(await rows(page)).toEqual(['slice', 'parse', 'main']);
    await tab(page, 'Timeline');
    expect(await page.locator('.lane-head:visible').count()).toBe(1);
  });

  test('another weight is another picture', async () => {
    const page = await open(profileOf('main;a 1,1000\nmain;b 3,500'));
    await page.getByLabel('What is weighed').selectOption('0');
    expect(await tooltip(page, FLAME, 2, 0.9)).toContain('total 3 (75.00%)');
    // A zoom is of one tree
    await click(page, FLAME, 2, 0.9);
    expect(await hash(page)).toContain('z=1');
    await tab(page, 'Functions');
    await page.getByLabel('What is weighed').selectOption('1');
    expect(await hash(page)).not.toContain('z=');
    await tab(page, 'Flame graph');
    expect(await page.locator('.crumbs').textContent()).toContain('Click a frame');
  });

  test('source lines carry the weight of the frames that name them', async () => {
    const page = await open(profile, { sources: [source] });
    await click(page, FLAME, 3, 0.1);
    await page.locator('footer').getByRole('button', { name: 'Source' }).click();
    expect(await page.locator('.line.hot').allTextContents()).toEqual(['20 ms50 ms10function parse(text) {']);
    expect(await page.locator('.gap').allTextContents()).toEqual(['⋯ lines 1 to 8']);
    expect(await page.locator('.file').textContent()).toBe('parse.js20.0%');
  });

  test('without times, and without sources, the page says so', async () => {
    const page = await open(profileOf('main 1'));
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Flame graph', 'Timeline', 'Functions', 'About']);
    await tab(page, 'Timeline');
    expect(await page.locator('#view-time').textContent()).toContain('does not say when its samples were taken');
  });

  test('About holds the facts, the notes and the sums', async () => {
    const page = await open();
    await tab(page, 'About');
    const text = (await page.locator('.about').textContent())!;
    expect(text).toContain('Commandnode shop.js');
    expect(text).toContain('3 samples were lost');
    expect(text).toContain('worker 10/1250 ms50.0%');
    expect(text).toContain('builtins30 ms30.0%');
  });

  test('keys: views by number, help by ?, tabs by arrows', async () => {
    const page = await open();
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').isVisible()).toBe(false);
    await page.getByRole('tab', { name: 'Flame graph' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tab', { name: 'Timeline' }).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('1');
    await page.locator(FLAME).focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    expect(await details(page)).toContain('parse/srv/app/lib/parse.js:10');
    await page.keyboard.press('Enter');
    expect(await page.locator('.crumbs').textContent()).toMatch(/parse$/);
    await page.keyboard.press('Escape');
    expect(await page.locator('.crumbs').textContent()).toContain('Click a frame');
  });

  test.each([
    [420, false],
    [420, true],
    [900, false],
    [900, true],
    [1600, false],
    [1600, true],
  ])('%i px wide, dark: %s: labels fit their frames and can be read, nothing sticks out', async (width, dark) => {
    const page = await open(everyKind, { search: 'odd' }, { width, dark, before: WATCH_LABELS });
    const background = dark ? '#16171b' : '#ffffff';
    for (const act of [
      async () => {},
      async () => page.keyboard.press('Escape'),
      async () => click(page, FLAME, 3, 0.1),
      async () => tab(page, 'Timeline'),
    ]) {
      await act();
      const labels = (await page.evaluate(PAINTED_LABELS)) as PaintedLabel[];
      expect(labels.length).toBeGreaterThan(20);
      for (const label of labels) {
        expect(label.x, label.text).toBeGreaterThanOrEqual(label.box.x);
        expect(label.x + label.width, label.text).toBeLessThanOrEqual(label.box.x + label.box.width);
        expect(contrastOf(label, background), label.text).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const name of ['Flame graph', 'Timeline', 'Functions', 'About']) {
      await tab(page, name);
      const room = await page.evaluate('[document.documentElement.scrollWidth, document.documentElement.scrollHeight]');
      expect(room, name).toEqual([width, 800]);
    }
  });

  test('the button changes between light and dark', async () => {
    const page = await open();
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.getByRole('button', { name: 'Light or dark' }).click();
    expect(await background()).toBe('rgb(22, 23, 27)');
  });

  test('stacks 20,000 deep can be scrolled through', async () => {
    const page = await open(profileOf(`${'f;'.repeat(20_000)}leaf 1`));
    await page.locator(FLAME).evaluate((host: Sizes) => {
      host.scrollTop = host.scrollHeight;
    });
    const rowsSeen = await page.locator(FLAME).evaluate(({ clientHeight }: Sizes) => clientHeight);
    expect(await tooltip(page, FLAME, rowsSeen / 18 - 0.7, 0.5)).toContain('leaf');
  });

  test('no samples, no errors', async () => {
    const page = await open(profileOf('main 0'));
    for (const name of ['Timeline', 'Functions', 'About', 'Flame graph']) await tab(page, name);
    expect(await page.locator('.functions .nothing').textContent()).toBe('No function matches.');
  });

  test('hostile names run nothing and reorder nothing', async () => {
    const hostile = profileOf('main 1');
    const strings = ['', ...HOSTILE_NAMES];
    const frames = HOSTILE_NAMES.map((_, i) => i + 1);
    const column = Int32Array.from(frames);
    const zeros = new Int32Array(frames.length);
    const kinds = new Uint8Array(frames.length);
    const page = await open(
      {
        ...hostile,
        strings,
        frames: {
          length: frames.length,
          name: column,
          file: column,
          line: column,
          column: zeros,
          module: column,
          kind: kinds,
          tier: kinds,
        },
        stacks: { length: frames.length, parent: zeros.map(() => -1), frame: zeros.map((_, i) => i) },
        samples: {
          length: frames.length,
          stack: zeros.map((_, i) => i),
          values: [zeros.map(() => 1)],
          time: new Float64Array(frames.length),
        },
        meta: { notes: HOSTILE_NAMES, command: HOSTILE_NAMES },
      },
      {
        title: HOSTILE_NAMES.join(' '),
        sources: HOSTILE_NAMES.map((file, i) => ({
          file,
          length: i + 1,
          parts: [{ from: 1, lines: HOSTILE_NAMES }],
          changed: true,
        })),
      },
    );
    for (const name of ['Timeline', 'Functions', 'Source', 'About', 'Flame graph']) await tab(page, name);
    await click(page, FLAME, 1, 0.01);
    expect(await page.evaluate('window.__pwned')).toBeUndefined();
    expect(await page.locator('body').textContent()).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000-\u0008]/);
  });
});
