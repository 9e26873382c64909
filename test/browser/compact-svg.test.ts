import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import type { Profile } from '../../src/profile/profile.ts';
import type { FlameSvgOptions } from '../../src/render/flame-svg.ts';
import { profileOf } from '../profile/profile-of.ts';
import { draw } from '../render/compact/data-of.ts';
import { wideProfile } from '../render/compact/wide-profile.ts';
import { HOSTILE_NAMES } from '../render/hostile-names.ts';
import { requireTool } from '../require-tool.ts';
import { clickOn, hits, labels, nodeCount, pointAt, search, searchTerm, spanOf, textOf } from './compact-page.ts';
import { chromiumIsHere, launchChromium, type OpenedSvg, openSvg } from './open-svg.ts';

const profile = profileOf`
  main{app};parse /srv/app/lib/parse.js:10:3{app};slice{builtin} 30
  main{app};parse /srv/app/lib/parse.js:10:3{app};parseInt{builtin} 5
  main{app};parse /srv/app/lib/parse.js:10:3{app} 15
  main{app};resolve /srv/app/node_modules/r/index.js:5:1{dependency};stat node:fs:7:2{runtime};sys_stat{kernel} 40
  (garbage collector){gc} 10
`;

describe.skipIf(!requireTool('chromium', chromiumIsHere))('compact flame graph SVG in chromium, from a file', () => {
  let browser: Browser;
  let opened: OpenedSvg;

  async function open(drawn: Profile, options: FlameSvgOptions = {}, window: Parameters<typeof openSvg>[2] = {}) {
    opened = await openSvg(browser, draw(drawn, options), window);
    return opened.page;
  }

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    // Whatever a test does: no message, no dialog, no error, no network.
    expect(opened.misdeeds).toEqual([]);
    await opened.close();
  });

  test('a click zooms; ancestors stay in sight and lead back; so do breadcrumbs, reset, Backspace and the Back button', async () => {
    const page = await open(profile);
    await clickOn(page, 'parse');
    expect(await spanOf(page, 'parse')).toEqual({ left: 0, width: 1179.4 });
    expect(await spanOf(page, 'slice')).toEqual({ left: 472, width: 707.4 });
    expect(await spanOf(page, 'main')).toEqual({ left: 0, width: 1180 });
    expect(await labels(page)).not.toContain('resolve index.js:5');
    expect(await textOf(page, '#crumbs')).toMatch(/^all›main›parse$/);

    await clickOn(page, 'main');
    expect(await spanOf(page, 'main')).toEqual({ left: 0, width: 1179.4 });
    expect((await spanOf(page, 'parse'))?.width).toBe(655);

    await clickOn(page, 'sys_stat');
    expect((await spanOf(page, 'sys_stat'))?.width).toBe(1179.4);
    await page.locator('#crumbs button', { hasText: 'resolve' }).click();
    expect(await textOf(page, '#crumbs')).toMatch(/resolve$/);
    await page.goBack();
    expect(await textOf(page, '#crumbs')).toMatch(/sys_stat$/);
    await page.goForward();
    expect(await textOf(page, '#crumbs')).toMatch(/resolve$/);
    await page.keyboard.press('Backspace');
    expect(await textOf(page, '#crumbs')).toMatch(/all›main$/);

    await page.locator('#reset').click();
    expect((await spanOf(page, 'parse'))?.width).toBe(589.4);
    expect(await page.locator('#reset').isDisabled()).toBe(true);
    expect(await textOf(page, '#crumbs')).toContain('100 samples');
  });

  test('Ctrl-F and / lead to the search: plain text first, capitals and regular expressions on request', async () => {
    const page = await open(profile);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('PARSE');
    await page.keyboard.press('Enter');
    expect(await hits(page)).toEqual(['parse parse.js:10', 'parseInt']);
    // parseInt lies on parse: counted once.
    expect(await textOf(page, '#matched')).toBe('Matched: 50.00%');
    expect(await page.locator('#hits').getAttribute('d')).toMatch(/^m\d+ \d+h\d+/);

    await page.keyboard.press('Alt+c');
    expect(await hits(page), 'exact now').toEqual([]);
    await page.keyboard.press('Alt+c');
    await search(page, '^s');
    expect(await hits(page)).toEqual([]);
    await page.keyboard.press('Alt+r');
    expect(await hits(page)).toEqual(['slice', 'stat node:fs:7', 'sys_stat']);
    expect(await page.locator('.toggle[aria-pressed=true]').allTextContents()).toEqual(['.*']);

    await page.keyboard.press('Escape');
    expect(await hits(page)).toEqual([]);
    expect(await textOf(page, '#matched')).toBe('');
    await clickOn(page, 'resolve');
    await page.keyboard.press('/');
    await page.keyboard.type('parse');
    await page.keyboard.press('Enter');
    expect(await textOf(page, '#matched')).toBe('Matched: 0.00% of view, 50.00% of all');
    await page.keyboard.press('Escape');
    expect((await spanOf(page, 'resolve'))?.width, 'the first Esc clears the search only').toBe(1179.4);
    await page.keyboard.press('Escape');
    expect((await spanOf(page, 'resolve'))?.width).toBe(471.4);
  });

  test('n and N walk the matches, the widest first', async () => {
    const page = await open(profile);
    await search(page, 'parse');
    await page.locator('#search').blur();
    const at = async () => [await textOf(page, '#details'), await textOf(page, '#step')];
    await page.keyboard.press('n');
    expect(await at()).toEqual(['parse /srv/app/lib/parse.js:10:3', '1 of 2']);
    await page.keyboard.press('n');
    expect(await at()).toEqual(['parseInt', '2 of 2']);
    await page.keyboard.press('n');
    expect(await at()).toEqual(['parse /srv/app/lib/parse.js:10:3', '1 of 2']);
    await page.keyboard.press('Shift+N');
    expect(await at()).toEqual(['parseInt', '2 of 2']);
    await page.keyboard.press('Enter');
    expect((await spanOf(page, 'parseInt'))?.width).toBe(1179.4);
  });

  test('a regular expression that would run for ever ends; what is none is searched as text, and it says so', async () => {
    const page = await open(profileOf`
      operator()(int) 3
      ${'a'.repeat(60)}! 2
      (a+)+ 1
    `);
    await search(page, '(');
    expect(await hits(page)).toEqual(['(a+)+', 'operator()(int)']);
    await page.keyboard.press('Alt+r');
    expect(await textOf(page, '#search-note')).toBe('not a regexp: searched as plain text');
    expect(await hits(page)).toEqual(['(a+)+', 'operator()(int)']);
    await search(page, '(a|aa)+$');
    expect(await textOf(page, '#search-note')).toBe('');
    expect(await hits(page)).toEqual([]);
    await search(page, '(a|aa)+!$');
    expect(await textOf(page, '#matched')).toBe('Matched: 33.33%');
  });

  test('pointing at a frame tells its name, weight, shares, own weight and kind', async () => {
    const page = await open(profile);
    const idle = await textOf(page, '#details');
    await pointAt(page, 'parse');
    expect(await textOf(page, '#details')).toBe('parse /srv/app/lib/parse.js:10:3');
    expect(await textOf(page, '#details-numbers')).toMatch(
      /^50 samples \(50\.00%\)\s+·\s+self 15 samples \(15\.00%\)\s+·\s+app$/,
    );
    expect(await textOf(page, '#pointed title')).toBe('parse /srv/app/lib/parse.js:10:3');
    await clickOn(page, 'parse');
    await pointAt(page, 'slice');
    expect(await textOf(page, '#details-numbers')).toContain('30 samples (30.00%, 60.00% of view)');
    await page.mouse.move(600, 20);
    expect(await textOf(page, '#details')).toBe(idle);
    expect(await textOf(page, '#details-numbers')).toBe('');
  });

  test('time is shown in the unit of the titles', async () => {
    const page = await open(profileOf('main;a 1,1234500000\nmain 1,500000'));
    await pointAt(page, 'main');
    expect(await textOf(page, '#details-numbers')).toMatch(/^1,235 ms \(100\.00%\)\s+·\s+self 0\.5 ms \(0\.04%\)$/);
  });

  test('kinds of the legend can be singled out, and searched in', async () => {
    const page = await open(profile);
    const chip = page.locator('#kinds button', { hasText: 'builtins 35.0%' });
    await chip.click();
    expect(await chip.getAttribute('aria-pressed')).toBe('true');
    expect(await textOf(page, '#matched')).toBe('Self: 35.00%');
    expect(await page.locator('#marks path.chosen').count()).toBe(
      await page.locator('#marks [data-group=builtin]').count(),
    );
    await search(page, 's');
    expect(await hits(page)).toEqual(['parseInt', 'slice']);
    await page.keyboard.press('Escape');
    expect(await chip.getAttribute('aria-pressed')).toBe('false');
    expect(await page.locator('#marks path.chosen').count()).toBe(0);
  });

  test.each([false, true])('arrow keys move along the stacks, Enter zooms (inverted: %s)', async (inverted) => {
    const page = await open(profile, { inverted });
    const [out, back] = inverted ? ['ArrowDown', 'ArrowUp'] : ['ArrowUp', 'ArrowDown'];
    const at = () => textOf(page, '#details');
    await page.keyboard.press(out!);
    expect(await at()).toBe('main');
    await page.keyboard.press('ArrowLeft');
    expect(await at()).toBe('(garbage collector)');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press(out!);
    expect(await at()).toMatch(/^parse /);
    await page.keyboard.press('ArrowRight');
    expect(await at()).toMatch(/^resolve /);
    await page.keyboard.press('Enter');
    expect((await spanOf(page, 'resolve'))?.width).toBe(1179.4);
    await page.keyboard.press(back!);
    expect(await at()).toBe('main');
  });

  test('the Tab key leads into the picture, and it shows where one is', async () => {
    const page = await open(profile);
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate("document.activeElement.id === 'frames'")) break;
    }
    expect(await textOf(page, '#details')).toBe('all');
    expect(await page.locator('#cursor').isVisible()).toBe(true);
    expect(await page.locator('#frames').getAttribute('role')).toBe('application');
    expect(await page.locator('#frames').getAttribute('aria-label')).toContain('Flame graph of 100 samples');
  });

  test('i turns the picture over in place, and back', async () => {
    const page = await open(profile);
    const top = async (label: string) =>
      page.evaluate(
        `Number([...document.querySelectorAll('#labels text')].find((t) => t.lastChild.textContent === ${JSON.stringify(label)}).getAttribute('y'))`,
      );
    const before = await top('all');
    await clickOn(page, 'parse');
    await page.keyboard.press('i');
    expect(await top('all')).toBe(12);
    expect((await spanOf(page, 'slice'))?.width).toBe(707.4);
    expect(await page.evaluate('location.hash')).toBe('#z=2,10&o=down');
    await page.locator('#flip').click();
    expect(await top('all')).toBe(before);
  });

  test.each([320, 800, 1900])('%d px wide: the picture fits the window, labels fit their frames', async (width) => {
    const page = await open(profile, {}, { width });
    expect(await page.locator('#frames').getAttribute('width')).toBe(`${width - 20}`);
    expect((await spanOf(page, 'all'))?.width).toBeCloseTo(width - 20 - 0.6, 1);
    const tooWide = await page.evaluate(`[...document.querySelectorAll('#labels text')].filter((text) => {
      const box = text.getBBox();
      const end = (box.x + box.width) / ${width - 20} * 100;
      const edges = { main: [10, 100], parse: [10, 60], slice: [30, 60], parseInt: [25, 30], resolve: [60, 100], stat: [60, 100], sys_: [60, 100], '(gar': [0, 10], all: [0, 100] };
      const found = Object.entries(edges).findLast(([name]) => text.textContent.startsWith(name.slice(0, text.textContent.length - 1)));
      return !found || end > found[1][1] + 0.01;
    }).map((text) => text.textContent)`);
    expect(tooWide).toEqual([]);
    const overflowing = await page.evaluate(
      "[...document.querySelectorAll('#header .push, #header input, #kinds button')].filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent)",
    );
    expect(overflowing).toEqual([]);
    await page.setViewportSize({ width: 1200, height: 800 });
    await page.waitForFunction("document.querySelector('#frames').getAttribute('width') === '1180'");
    expect((await spanOf(page, 'parse'))?.width).toBe(589.4);
  });

  test('a fixed width stays', async () => {
    const page = await open(profile, { width: 500 });
    expect((await spanOf(page, 'all'))?.width).toBe(479.4);
  });

  test('the address keeps zoom, search and kinds', async () => {
    const page = await open(profile);
    await clickOn(page, 'parse');
    await search(page, 's');
    await page.locator('#kinds button', { hasText: 'builtins' }).click();
    const hash = (await page.evaluate('location.hash')) as string;
    expect(hash).toBe('#z=2,10&s=s&k=builtin');
    await opened.close();
    const again = await open(profile, {}, { hash });
    expect((await spanOf(again, 'parse'))?.width).toBe(1179.4);
    expect(await searchTerm(again)).toBe('s');
    expect(await hits(again)).toEqual(['parseInt', 'slice']);
  });

  test.each(['#z=9,9', '#z=-1,x&s=%E0%A4%A', '#k=__proto__&o=&z=', '#&&&=&r=('])(
    'an address of nonsense does no harm: %s',
    async (hash) => {
      const page = await open(profile, {}, { hash });
      expect((await spanOf(page, 'parse'))?.width).toBe(589.4);
    },
  );

  test('an initial search is a regular expression, and is made', async () => {
    const page = await open(profile, { search: '^parse |^sys' });
    expect(await textOf(page, '#matched')).toBe('Matched: 90.00%');
  });

  test('the bars stay in sight of a tall picture, which opens at its root; labels are there after scrolling', async () => {
    const deep = profileOf(`${Array.from({ length: 400 }, (_, i) => `f${i}`).join(';')} 1`);
    const page = await open(deep, {}, { height: 500 });
    expect(await labels(page)).toContain('all');
    const inSight = async (selector: string) => {
      const box = (await page.locator(selector).boundingBox())!;
      return box.y >= 0 && box.y + box.height <= 500;
    };
    for (const y of [0, 700, 9000]) {
      await page.evaluate(`window.scrollTo(0, ${y})`);
      await page.waitForTimeout(100);
      expect([await inSight('#header'), await inSight('#footer')]).toEqual([true, true]);
      if (y === 0) expect(await labels(page)).toContain('f399');
    }
  });

  test('hostile names are only text', async () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    let stack = -1;
    for (const name of [...HOSTILE_NAMES, 'y'.repeat(100_000)]) {
      stack = builder.stack(stack, builder.frame({ name, kind: 'app' }));
      builder.sample(stack, [1]);
    }
    const title = HOSTILE_NAMES[0]!;
    const page = await open(builder.build({ notes: [...HOSTILE_NAMES] }), { title, subtitle: title, search: title });
    expect(await searchTerm(page)).toBe(title);
    await page.locator('#search').focus();
    await page.keyboard.press('Alt+r');
    await page.locator('#search').blur();
    for (let i = 0; i <= HOSTILE_NAMES.length; i++) {
      await page.keyboard.press('ArrowUp');
      const name = await textOf(page, '#details');
      expect(name).not.toMatch(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/);
      if (i % 4 === 0) await page.keyboard.press('Enter');
      await search(page, name.slice(0, 1000));
      await page.locator('#search').blur();
      expect(await page.locator('#hits').getAttribute('d')).not.toBe('');
    }
    expect(await page.evaluate('window.__pwned')).toBeUndefined();
    expect(await page.locator('img, script').count()).toBe(1);
  });

  test('without scripts it is a right picture', async () => {
    const page = await open(profile, { title: 'Still' }, { scripts: false });
    expect(await textOf(page, '#heading')).toBe('Still');
    expect(((await spanOf(page, '(gar')) ?? (await spanOf(page, 'main')))?.width).toBe(117.4);
    expect((await labels(page)).at(-1)).toMatch(/sys_stat/);
    expect(await page.locator('#labels title').allTextContents()).toContain('main (90 samples, 90.00%)');
    const pointing = "getComputedStyle(document.querySelector('#labels text')).pointerEvents";
    expect(await page.evaluate(pointing), 'titles can be pointed at').toBe('auto');
  });

  test('4,000 frames with room for labels: below 2,000 nodes, in the still picture too', async () => {
    const stacks = Array.from({ length: 20 }, (_, i) => Array.from({ length: 200 }, (__, j) => `f${i}.${j}`).join(';'));
    const wide = profileOf(stacks.map((stack) => `${stack} 1`).join('\n'));
    const still = await open(wide, {}, { scripts: false, height: 3400 });
    expect((await labels(still)).length).toBeGreaterThan(500);
    expect(await nodeCount(still)).toBeLessThan(2000);
    await opened.close();
    const page = await open(wide, {}, { height: 3400, width: 3000 });
    expect((await labels(page)).length).toBeGreaterThan(600);
    await search(page, '.1');
    await page.keyboard.press('?');
    for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowUp');
    await page.locator('#search').blur();
    for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowUp');
    expect(await nodeCount(page)).toBeLessThan(2000);
  });

  test('270,000 frames: below 2,000 nodes, whatever one does', async () => {
    const page = await open(wideProfile(270_000), { minWidth: 0 });
    expect(await nodeCount(page)).toBeLessThan(2000);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    expect(await textOf(page, '#crumbs')).toMatch(/^all›group \d+$/);
    await search(page, 'f3.');
    expect(await textOf(page, '#matched')).toBe('Matched: 100.00% of view, 100.00% of all');
    expect(await nodeCount(page)).toBeLessThan(2000);
    await page.keyboard.press('Escape');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    expect(await textOf(page, '#details-numbers')).toBe('');
    expect(await textOf(page, '#crumbs')).toMatch(/f1\.\d+|stack \d+|f2\.\d+/);
    expect(await nodeCount(page)).toBeLessThan(2000);
  });
});
