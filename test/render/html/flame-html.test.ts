import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../../src/profile/builder.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { decodeSummary } from '../../../src/render/html/app/decode.ts';
import { type FlameHtmlOptions, flameHtml } from '../../../src/render/html/flame-html.ts';
import { renderers } from '../../../src/render/registry.ts';
import { profileOf } from '../../profile/profile-of.ts';
import { HOSTILE_NAMES } from '../hostile-names.ts';

const small = profileOf`
  [main 10/10] main{app};parse /srv/app/lib/parse.js:10:3{app} 30 @0
  [main 10/10] main{app};stat node:fs:7:2{runtime} 20 @1000000
`;

function draw(profile: Profile, options: FlameHtmlOptions = {}): string {
  return [...flameHtml.render(profile, options)].join('');
}

/** What a page holds: the script and style that run, and the blocks, unpacked. */
function partsOf(page: string) {
  const blocks = new Map(
    [...page.matchAll(/<script type="application\/gzip" id="([a-z-]+)">([A-Za-z0-9+/=]+)<\/script>/g)].map(
      ([, id, text]) => [id!, new Uint8Array(gunzipSync(Buffer.from(text!, 'base64')))],
    ),
  );
  return {
    blocks,
    summary: decodeSummary(blocks.get('data-summary')!).summary,
    policy: /Content-Security-Policy" content="([^"]+)"/.exec(page)![1]!,
    style: /<style>([\s\S]*?)<\/style>/.exec(page)![1]!,
    script: /<script>([\s\S]*?)<\/script>/.exec(page)![1]!,
  };
}

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the HTML report', () => {
  test('allows nothing but its own script and style, and asks for nothing else', () => {
    const page = draw(small);
    const { policy, script, style } = partsOf(page);
    expect(policy).toBe(
      `default-src 'none'; script-src ${sha256(script)}; style-src ${sha256(style)}; base-uri 'none'; form-action 'none'`,
    );
    const markup = page.replace(script, '').replace(style, '');
    expect(markup).not.toMatch(/\s(?:src|href|style|on\w+)=/);
    expect(style).not.toMatch(/url\(|@import/);
    expect(page.match(/<script/g)).toHaveLength(3);
  });

  test('the same profile gives the same bytes', () => {
    expect(draw(small)).toBe(draw(small));
  });

  test('samples without times need no second block', () => {
    expect([...partsOf(draw(small)).blocks.keys()]).toEqual(['data-summary', 'data-samples']);
    expect([...partsOf(draw(profileOf('main 1'))).blocks.keys()]).toEqual(['data-summary']);
  });

  test('says what was recorded and what was lost; its title is the command', () => {
    const meta = {
      tool: 'perf 6.1',
      command: ['node', 'server.js'],
      host: 'shop-3',
      startTime: Date.UTC(2026, 6, 18, 9, 30, 12),
      duration: 2.5e9,
      sampleInterval: 1e6,
      notes: ['12 samples were lost'],
    };
    const page = draw({ ...small, meta });
    expect(page).toContain('<title>node server.js</title>');
    const { title, subtitle, facts, notes } = partsOf(page).summary;
    expect(title).toBe('node server.js');
    expect(subtitle).toBe('50 samples');
    expect(facts).toEqual([
      ['Command', 'node server.js'],
      ['Recorded by', 'perf 6.1'],
      ['Host', 'shop-3'],
      ['Started', '2026-07-18 09:30:12 UTC'],
      ['Duration', '2.5 s'],
      ['Measured', 'samples'],
      ['Samples', '2'],
      ['Interval', '1 ms'],
      ['Threads', '1'],
    ]);
    expect(notes).toEqual(['12 samples were lost']);
    const given = partsOf(draw({ ...small, meta }, { title: 'Checkout', subtitle: 'before' })).summary;
    expect([given.title, given.subtitle]).toEqual(['Checkout', 'before  ·  50 samples']);
  });

  test.each(HOSTILE_NAMES)('the name %j stays text', (name) => {
    const builder = new ProfileBuilder([{ type: name, unit: name }]);
    const thread = builder.thread({ pid: 1, tid: 1, process: name, name });
    builder.sample(builder.stack(-1, builder.frame({ name, file: name, module: name })), [1], 5, thread);
    const profile = builder.build({ notes: [name], command: [name], host: name });
    const page = draw(profile, { title: name, subtitle: name, search: name });
    const { summary } = partsOf(page);
    expect(summary.strings).toEqual(profile.strings);
    expect(summary.notes).toEqual([name]);
    // Nothing of it but the title stands outside of the blocks
    const plain = draw({ ...profile, meta: { notes: [] } }, { title: '-' });
    const markup = (text: string): string =>
      text.replace(/<title>[\s\S]*?<\/title>/, '').replace(/(<script type="application\/gzip"[^>]*>)[^<]*/g, '$1');
    expect(markup(page)).toBe(markup(plain));
    expect(/<title>([\s\S]*?)<\/title>/.exec(page)![1]).not.toMatch(/[<>"']/);
  });

  test('is listed among the renderers', async () => {
    const entry = renderers.find(({ id }) => id === 'html')!;
    expect(await entry.load()).toBe(flameHtml);
    expect([entry.title, entry.extension]).toEqual([flameHtml.title, flameHtml.extension]);
  });
});
