import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { type FlameSvgOptions, flameSvg } from '../../src/render/flame-svg.ts';
import { profileOf } from '../profile/profile-of.ts';
import { HOSTILE_NAMES } from '../render/hostile-names.ts';
import { requireTool } from '../require-tool.ts';
import { frame, hits, labels, rect, searchTerm, styleOf, widthOf } from './frames-of-page.ts';
import { chromiumIsHere, launchChromium, type OpenedSvg, openSvg } from './open-svg.ts';

const profile = profileOf`
  main{app};parse /srv/app/lib/parse.js:10:3{app};slice{builtin} 30
  main{app};parse /srv/app/lib/parse.js:10:3{app};parseInt{builtin} 5
  main{app};parse /srv/app/lib/parse.js:10:3{app} 15
  main{app};resolve /srv/app/node_modules/r/index.js:5:1{dependency};stat node:fs:7:2{runtime};sys_stat{kernel} 40
  (garbage collector){gc} 10
`;

function draw(drawn: Profile, options: FlameSvgOptions = {}): string {
  return [...flameSvg.render(drawn, options)].join('');
}

/** Frames whose labels are wider than they are. */
const TOO_WIDE = `[...document.querySelectorAll('#frames > g')].filter((g) => {
  const text = g.querySelector('text');
  return text && text.getBBox().width > g.querySelector('rect').getBBox().width;
}).map((g) => g.textContent)`;

describe.skipIf(!requireTool('chromium', chromiumIsHere))('flame graph SVG in chromium, from a file', () => {
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

  test('a click zooms; ancestors stay in sight and lead back; so do breadcrumbs, reset and the Back button', async () => {
    const page = await open(profile);
    await rect(page, 'parse').click();
    expect(await widthOf(page, 'parse')).toBe(1180);
    expect(await widthOf(page, 'slice')).toBe(708);
    expect(await frame(page, 'resolve').isVisible()).toBe(false);
    expect(await frame(page, 'main').getAttribute('class')).toContain('path');
    expect(await page.locator('#crumbs').textContent()).toMatch(/^all\s*›\s*main\s*›\s*parse$/);

    await rect(page, 'main').click();
    expect(await widthOf(page, 'main')).toBe(1180);
    expect(await widthOf(page, 'parse')).toBe(656);
    expect(await frame(page, 'resolve').isVisible()).toBe(true);

    await rect(page, 'sys_stat').click();
    expect(await widthOf(page, 'sys_stat')).toBe(1180);
    await page.locator('#crumbs button', { hasText: 'resolve' }).click();
    expect(await page.locator('#crumbs').textContent()).toMatch(/resolve$/);
    await page.goBack();
    expect(await page.locator('#crumbs').textContent()).toMatch(/sys_stat$/);

    await page.locator('#reset').click();
    expect(await widthOf(page, 'parse')).toBe(590);
    expect(await page.locator('#reset').isDisabled()).toBe(true);
    expect(await page.locator('#crumbs').textContent()).toContain('100 samples');
    expect(await page.locator('#frames > g.hidden, #frames > g.path').count()).toBe(0);
  });

  test('Ctrl-F and / lead to the search; a regexp recolours what matches and says how much it is', async () => {
    const page = await open(profile);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('^parse');
    await page.keyboard.press('Enter');
    expect(await hits(page)).toEqual(['parse', 'parseInt']);
    // parseInt lies on parse: counted once.
    expect(await page.locator('#matched').textContent()).toBe('Matched: 50.00%');
    expect(await styleOf(page, 'parse', 'fill')).toBe('rgb(232, 121, 249)');
    expect(await styleOf(page, 'main', 'fillOpacity')).toBe('0.28');

    await rect(page, 'resolve').click();
    expect(await page.locator('#matched').textContent()).toBe('Matched: 0.00% of view, 50.00% of all');

    await page.keyboard.press('Escape');
    expect(await hits(page)).toEqual([]);
    expect(await page.locator('#matched').textContent()).toBe('');
    expect(await widthOf(page, 'resolve'), 'the first Esc clears the search only').toBe(1180);
    await page.keyboard.press('Escape');
    expect(await widthOf(page, 'resolve')).toBe(472);

    await page.keyboard.press('/');
    await page.keyboard.type('SYS_');
    await page.keyboard.press('Enter');
    expect(await hits(page), 'a capital letter makes it exact').toEqual([]);
    await page.locator('#search').fill('slice|STAT'.toLowerCase());
    await page.waitForFunction("document.querySelector('#matched').textContent === 'Matched: 70.00%'");
    expect(await hits(page)).toEqual(['slice', 'stat', 'sys_stat']);
  });

  test('what is no regexp, or could run for ever, is searched as plain text, and it says so', async () => {
    const page = await open(profileOf`
      operator()(int) 3
      ${'a'.repeat(60)}! 2
      (a+)+ 1
    `);
    await page.locator('#search').fill('()(');
    await page.keyboard.press('Enter');
    expect(await hits(page)).toEqual(['operator()(int)']);
    expect(await page.locator('#search-note').textContent()).toBe('not a regexp: searched as plain text');
    await page.locator('#search').fill('(a+)+$');
    await page.keyboard.press('Enter');
    expect(await page.locator('#search-note').textContent()).toBe('nested repeats: searched as plain text');
    await page.locator('#search').fill('(a+)+');
    await page.keyboard.press('Enter');
    expect(await hits(page)).toEqual(['(a+)+']);
    await page.locator('#search').fill('oper');
    await page.keyboard.press('Enter');
    expect(await page.locator('#search-note').textContent()).toBe('');
  });

  test('pointing at a frame tells its name, weight, shares, own weight and kind', async () => {
    const page = await open(profile);
    const idle = await page.locator('#details').textContent();
    await rect(page, 'parse').hover();
    expect(await page.locator('#details').textContent()).toBe('parse /srv/app/lib/parse.js:10:3');
    expect(await page.locator('#details-numbers').textContent()).toMatch(
      /^50 samples \(50\.00%\)\s+·\s+self 15 samples \(15\.00%\)\s+·\s+app$/,
    );
    await rect(page, 'parse').click();
    await rect(page, 'slice').hover();
    expect(await page.locator('#details-numbers').textContent()).toContain('30 samples (30.00%, 60.00% of view)');
    await page.mouse.move(600, 20);
    expect(await page.locator('#details').textContent()).toBe(idle);
    expect(await page.locator('#details-numbers').textContent()).toBe('');
  });

  test('time is shown in the unit of the titles', async () => {
    const page = await open(profileOf('main;a 1,1234500000\nmain 1,500000'));
    await rect(page, 'main').hover();
    expect(await page.locator('#details-numbers').textContent()).toMatch(
      /^1,235 ms \(100\.00%\)\s+·\s+self 0\.5 ms \(0\.04%\)$/,
    );
  });

  test('a kind of the legend can be singled out', async () => {
    const page = await open(profile);
    const chip = page.locator('#kinds button', { hasText: 'builtins 35.0%' });
    await chip.click();
    expect(await hits(page)).toEqual(['parseInt', 'slice']);
    expect(await chip.getAttribute('aria-pressed')).toBe('true');
    await chip.click();
    expect(await hits(page)).toEqual([]);
  });

  test.each([false, true])('arrow keys move along the stacks, Enter zooms (inverted: %s)', async (inverted) => {
    const page = await open(profile, { inverted });
    const [out, back] = inverted ? ['ArrowDown', 'ArrowUp'] : ['ArrowUp', 'ArrowDown'];
    const at = () => page.locator('#details').textContent();
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
    expect(await widthOf(page, 'resolve')).toBe(1180);
    await page.keyboard.press(back!);
    expect(await at()).toBe('main');
  });

  test('a smaller window: the picture fits it, labels are cut anew', async () => {
    // Wide enough for the label in any font that a machine has, and in the smaller window in none
    const page = await open(profileOf`
      main{app};parse /srv/app/lib/parse.js:10:3{app};slice{builtin} 85
      (garbage collector){gc} 15
    `);
    expect(await labels(page)).toContain('(garbage collector)');
    await page.setViewportSize({ width: 600, height: 500 });
    await page.waitForFunction("document.querySelector('#frames').getAttribute('width') === '580'");
    expect(await widthOf(page, 'main')).toBe(493);
    expect(await labels(page)).not.toContain('(garbage collector)');
    expect(await page.evaluate(TOO_WIDE)).toEqual([]);
    await page.setViewportSize({ width: 1200, height: 800 });
    await page.waitForFunction("document.querySelector('#frames').getAttribute('width') === '1180'");
    expect(await labels(page)).toContain('(garbage collector)');
  });

  test('a fixed width stays', async () => {
    const page = await open(profile, { width: 500 });
    expect(await widthOf(page, 'all')).toBe(480);
  });

  test('the address keeps zoom and search', async () => {
    const page = await open(profile);
    await rect(page, 'parse').click();
    await page.locator('#search').fill('^s');
    await page.keyboard.press('Enter');
    const hash = await page.evaluate('location.hash');
    expect(hash).toBe('#z=2,10&s=%5Es');
    await opened.close();
    const again = await open(profile, {}, { hash: hash as string });
    expect(await widthOf(again, 'parse')).toBe(1180);
    expect(await searchTerm(again)).toBe('^s');
    expect(await hits(again)).toEqual(['slice', 'stat', 'sys_stat']);
  });

  test('an initial search is made', async () => {
    const page = await open(profile, { search: '^parse$|^sys' });
    expect(await page.locator('#matched').textContent()).toBe('Matched: 40.00%');
  });

  test('the bars stay in sight of a tall picture, which opens at its root', async () => {
    const deep = profileOf(`${Array.from({ length: 120 }, (_, i) => `f${i}`).join(';')} 1`);
    const page = await open(deep, {}, { height: 500 });
    expect(await rect(page, 'all').isVisible()).toBe(true);
    const inSight = async (selector: string) => {
      const box = (await page.locator(selector).boundingBox())!;
      return box.y >= 0 && box.y + box.height <= 500;
    };
    for (const y of [0, 700, 5000]) {
      await page.evaluate(`window.scrollTo(0, ${y})`);
      await page.waitForTimeout(60);
      expect([await inSight('#header'), await inSight('#footer')]).toEqual([true, true]);
    }
  });

  test('hostile names are only text', async () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    let stack = -1;
    for (const name of HOSTILE_NAMES) {
      stack = builder.stack(stack, builder.frame({ name, kind: 'app' }));
      builder.sample(stack, [1]);
    }
    const title = HOSTILE_NAMES[0]!;
    const page = await open(builder.build({ notes: [...HOSTILE_NAMES] }), { title, subtitle: title, search: title });
    const groups = page.locator('#frames > g');
    expect(await groups.count()).toBe(HOSTILE_NAMES.length + 1);
    expect(await searchTerm(page)).toBe(title);
    for (let i = HOSTILE_NAMES.length; i > 0; i -= 1) {
      const box = groups.nth(i).locator('rect');
      await box.dispatchEvent('mouseover');
      await box.dispatchEvent('click');
      await page.locator('#search').fill((await page.locator('#details').textContent())!);
      await page.keyboard.press('Enter');
    }
    await groups.last().locator('rect').dispatchEvent('click');
    expect(await page.evaluate('window.__pwned')).toBeUndefined();
    expect(await page.locator('img, b, script').count()).toBe(1);
  });

  test('without scripts it is a right picture', async () => {
    const page = await open(profile, { title: 'Still' }, { scripts: false });
    expect(await page.locator('#title').textContent()).toBe('Still');
    expect(await widthOf(page, 'main')).toBe(1062);
    expect((await labels(page)).find((label) => label.startsWith('(garbage '))).toBeDefined();
    // Whatever font stands in for Helvetica here
    expect(await page.evaluate(TOO_WIDE)).toEqual([]);
  });

  test('15,000 frames open, zoom and search without a wait', async () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    for (let i = 0; i < 1000; i++) {
      let stack = builder.stack(-1, builder.frame({ name: 'main', kind: 'app' }));
      stack = builder.stack(stack, builder.frame({ name: `group ${i % 40}`, kind: 'app' }));
      for (let depth = 0; depth < 15; depth++) stack = builder.stack(stack, builder.frame({ name: `f${depth}.${i}` }));
      builder.sample(stack, [1]);
    }
    const page = await open(builder.build());
    expect(await page.locator('#frames > g').count()).toBe(15_042);
    await rect(page, 'group 7').click();
    await page.locator('#search').fill('^f3\\.');
    await page.keyboard.press('Enter');
    expect(await page.locator('#matched').textContent()).toBe('Matched: 100.00% of view, 100.00% of all');
    expect(await page.locator('#frames > g:not(.hidden)').count()).toBe(2 + 1 + 25 * 15);
  });
});
