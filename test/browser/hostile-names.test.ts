import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { readMassif } from '../../src/formats/massif/read-massif.ts';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { compareProfiles } from '../../src/profile/diff/compare.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { benchHtml } from '../../src/render/bench/bench-html.ts';
import { compactSvg } from '../../src/render/compact/compact-svg.ts';
import { dashboardPage } from '../../src/render/dashboard/dashboard-html.ts';
import { historyBlock } from '../../src/render/dashboard/history-data.ts';
import { diffClassicSvg } from '../../src/render/diff/classic-diff.ts';
import { diffSvg } from '../../src/render/diff/compact-diff.ts';
import { diffHtml } from '../../src/render/diff/html/diff-html.ts';
import { flameSvg } from '../../src/render/flame-svg.ts';
import { chartHtml } from '../../src/render/heap/chart-html.ts';
import { chartSvg } from '../../src/render/heap/chart-svg.ts';
import { flameHtml } from '../../src/render/html/flame-html.ts';
import { requireTool } from '../require-tool.ts';
import { chromiumIsHere, launchChromium, openSvg } from './open-svg.ts';

/** Whatever of these runs calls the canary. */
const PAYLOADS = [
  '<script>canary(1)</script>',
  '</script><script>canary(2)</script>',
  '<img src=x onerror=canary(3)>',
  '"><svg onload=canary(4)>',
  "' onmouseover='canary(5)",
  '" onload="canary(6)" x="',
  ']]><script>canary(7)</script><![CDATA[',
  '--><script>canary(8)</script><!--',
  '</title><script>canary(9)</script>',
  '</style><script>canary(10)</script>',
  '</text></g></svg><script>canary(11)</script>',
  '<iframe srcdoc="<script>parent.canary(12)</script>">',
  '<a href="javascript:canary(13)">x</a>',
  'javascript:canary(14)',
  '<foreignObject><body onload="canary(15)"/></foreignObject>',
  '<style>*{background:url(https://example.invalid/16)}</style>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a payload
  '${canary(17)}',
  '\\u003cscript\\u003ecanary(18)\\u003c/script\\u003e',
  '&lt;script&gt;canary(19)&lt;/script&gt;',
  "');canary(20);('",
  '\u2028canary(21)\u2029//',
  '<meta http-equiv="refresh" content="0;url=javascript:canary(22)">',
];
const ALL = PAYLOADS.join(' ');

/** Every payload as a name, file, module, thread, note, command, host and tool. */
function hostile(weight: number): Profile {
  const builder = new ProfileBuilder([{ type: ALL, unit: ALL }]);
  PAYLOADS.forEach((name, i) => {
    const words = { name, file: name, module: name, line: i, column: i };
    const stack = builder.stack(builder.stack(-1, builder.frame({ name: 'main' })), builder.frame(words));
    const thread = builder.thread({ pid: i, tid: i, process: name, name });
    builder.sample(stack, [weight + i], i, thread);
  });
  return builder.build({ notes: PAYLOADS, command: PAYLOADS, host: ALL, tool: ALL, format: ALL });
}

const profile = hostile(100);
const look = { title: ALL, subtitle: ALL, search: '<script>', countName: ALL, nameType: ALL, notes: PAYLOADS };
const comparison = compareProfiles([profile], [hostile(1)], { names: { before: ALL, after: ALL } });
const both = { ...look, embed: { before: profile, after: profile } };
const MASSIF = `desc: ${ALL.replace(/\s/g, ' ')}
cmd: ${ALL.replace(/\s/g, ' ')}
time_unit: i
#-----------
snapshot=0
#-----------
time=1
mem_heap_B=1000
mem_heap_extra_B=8
mem_stacks_B=0
heap_tree=peak
n${PAYLOADS.length}: 1000 (heap allocation functions) malloc/new/new[], --alloc-fns, etc.
${PAYLOADS.map((name, i) => ` n0: ${i + 1} 0x${i + 1}: ${name.replace(/\s/g, ' ')} (${name.replace(/\s/g, ' ')}.c:3)\n`).join('')}`;
const heap = async () => (await readMassif(inputOf(MASSIF, ALL), {})).history;
const benchmark = {
  id: { group: ALL, function: ALL, value: ALL, fullId: ALL, title: ALL },
  estimates: { mean: { point: 1, lower: 1, upper: 2, standardError: 0.1, confidenceLevel: 0.95 } },
  unit: ALL,
  warnings: PAYLOADS,
};

const TARGETS: readonly (readonly [string, () => Promise<Iterable<string>> | Iterable<string>])[] = [
  ['compact.svg', () => compactSvg.render(profile, look)],
  ['classic.svg', () => flameSvg.render(profile, look)],
  ['flame.html', () => flameHtml.render(profile, look)],
  ['diff.svg', () => diffSvg.render(comparison, both)],
  ['classic-diff.svg', () => diffClassicSvg.render(comparison, both)],
  ['diff.html', () => diffHtml.render(comparison, both)],
  ['massif.svg', async () => chartSvg(await heap(), { title: ALL })],
  ['massif.html', async () => chartHtml(await heap(), { title: ALL })],
  ['bench.html', () => benchHtml({ title: ALL, facts: PAYLOADS.map((fact) => [fact, fact]), benchmarks: [benchmark] })],
  ['dashboard.html', () => dashboardPage(ALL, historyBlock(ALL, []))],
];

describe.skipIf(!requireTool('chromium', chromiumIsHere))('no script from data runs', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => browser?.close());

  const before = `window.canary = (number) => { document.documentElement.setAttribute('data-canary', number); };
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.log('policy', violatedDirective, blockedURI));`;

  test('the canary sings where a script does run', async () => {
    const page = `<!doctype html><body>${PAYLOADS[2]}</body>`;
    const opened = await openSvg(browser, page, { name: 'canary.html', before });
    await opened.page.waitForSelector('[data-canary="3"]', { state: 'attached' });
    await opened.close();
  });

  test.each(TARGETS)('%s', async (name, render) => {
    const text = [...(await render())].join('');
    const { page, misdeeds, close } = await openSvg(browser, text, { name, before });
    // What is drawn late, and what a person does
    await page.mouse.move(600, 400);
    await page.mouse.click(600, 400);
    await page.keyboard.press('Escape');
    await page.waitForTimeout(150);
    expect(await page.locator('[data-canary]').count()).toBe(0);
    expect(await page.locator('iframe, img[onerror], [onmouseover], meta[http-equiv=refresh]').count()).toBe(0);
    // Neither an error, nor a request, nor a report of the page's policy
    expect(misdeeds).toEqual([]);
    await close();
  });
});
