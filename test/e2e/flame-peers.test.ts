import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { optionalTool } from '../require-tool.ts';
import { paired, type Rectangle, rectangles } from './drawn-rectangles.ts';
import { root, runCli, workFolder } from './run-cli.ts';

const PEERS = resolve(root, '../shared/peer-data');
const present = existsSync(PEERS);
if (!present) console.log(`skipped: pictures of other projects are not at ${PEERS}`);
const peer = (path: string): string => join(PEERS, path);

async function drawn(input: string, options: readonly string[], cwd = workFolder()): Promise<string> {
  const { stdout, stderr, code } = await runCli(['flame', '-q', '--classic', '-o', '-', ...options, input], { cwd });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

/** What inferno's tests draw: their folded text of flamegraph.pl's recording of vert.x. */
async function vertx(): Promise<string> {
  const folder = workFolder();
  const input = peer('perf-script/flamegraph-pl/perf-vertx-stacks-01.txt');
  await runCli(['convert', '-q', '--all', '--compat', 'inferno', '-o', 'vertx.folded', input], { cwd: folder });
  return named(join(folder, 'vertx.folded'));
}

/** A frame without a name, ` `, is `[unknown]` for us and would stand where that stands: named so that it stays. */
function named(input: string): string {
  const file = join(workFolder(), 'named.folded');
  writeFileSync(file, readFileSync(input, 'utf8').replace(/; (?=;| \d+$)/gm, ';!'));
  return file;
}

/** From the last line to the first: inferno draws flame charts backwards. */
function backwards(input: string): string {
  const file = join(workFolder(), 'backwards.txt');
  writeFileSync(file, readFileSync(input, 'utf8').trimEnd().split('\n').reverse().join('\n'));
  return file;
}

describe.skipIf(!present)('frames lie where the published pictures have them', () => {
  const pl = 'svg/flamegraph-pl';
  const inferno = 'svg/inferno';
  let vx = '';
  beforeAll(async () => {
    vx = await vertx();
  });
  const cases: [string, () => string, string[], string, { tolerance?: number; dy?: number }?][] = [
    ['flamegraph.pl: js', () => peer(`${pl}/perf-js-stacks-01.folded`), [], `${pl}/perf-js-stacks-01.svg`],
    // flamegraph.pl leaves no room for details above an icicle; inferno does, 16 px
    [
      'flamegraph.pl: js, --inverted',
      () => peer(`${pl}/perf-js-stacks-01.folded`),
      ['--inverted'],
      `${pl}/perf-js-stacks-01.icicle.svg`,
      { dy: 16 },
    ],
    ['inferno: js', () => peer(`${pl}/perf-js-stacks-01.folded`), [], `${pl}/perf-js-stacks-01.inferno.svg`],
    [
      'flamegraph.pl: vertx',
      () => named(peer(`${pl}/perf-vertx-stacks-01.folded`)),
      [],
      `${pl}/perf-vertx-stacks-01.svg`,
    ],
    [
      'flamegraph.pl: vertx, --min-width 1',
      () => named(peer(`${pl}/perf-vertx-stacks-01.folded`)),
      ['--min-width', '1'],
      `${pl}/perf-vertx-stacks-01.minwidth1.svg`,
    ],
    [
      'flamegraph.pl: vertx, --inverted',
      () => named(peer(`${pl}/perf-vertx-stacks-01.folded`)),
      ['-i'],
      `${pl}/perf-vertx-stacks-01.icicle.svg`,
      { dy: 16 },
    ],
    [
      'inferno: vertx, fewer samples',
      () => named(peer(`${pl}/perf-vertx-stacks-01.folded`)),
      [],
      `${pl}/perf-vertx-stacks-01.inferno.svg`,
    ],
    ['inferno: vertx', () => vx, [], `${inferno}/perf-vertx-stacks/perf-vertx-stacks-01-collapsed-all.svg`],
    [
      'inferno: vertx, --reverse',
      () => vx,
      ['--reverse'],
      `${inferno}/perf-vertx-stacks/perf-vertx-stacks-01-collapsed-all-reversed-stacks.svg`,
    ],
    ['inferno: vertx, --inverted', () => vx, ['--inverted'], `${inferno}/inverted/inverted.svg`],
    ['inferno: vertx, --factor', () => vx, ['--factor', '2.5'], `${inferno}/factor/factor-2.5.svg`],
    [
      'inferno: --flamechart',
      () => backwards(peer(`${inferno}/flamechart/flames.txt`)),
      ['--flamechart'],
      `${inferno}/flamechart/flame.svg`,
    ],
    [
      'inferno: narrow blocks',
      () => peer(`${inferno}/narrow-blocks/narrow-blocks.txt`),
      ['--min-width', '0.01%'],
      `${inferno}/narrow-blocks/narrow-blocks.svg`,
    ],
    [
      'inferno: separators',
      () => peer(`${inferno}/grey-frames/grey-frames.txt`),
      [],
      `${inferno}/grey-frames/grey-frames.svg`,
    ],
    ['inferno: austin', () => peer(`${inferno}/austin/flames.txt`), [], `${inferno}/austin/flame.svg`],
  ];
  test.each(cases)('%s', async (_, input, options, golden, close) => {
    const theirs = rectangles(readFileSync(peer(golden), 'utf8'));
    const { pairs, alone } = paired(rectangles(await drawn(input(), options)), theirs, close);
    expect(alone).toEqual([]);
    expect(pairs.length).toBe(theirs.length);
  });

  test('colours: flamegraph.pl draws them by name', async () => {
    for (const name of ['perf-js-stacks-01', 'perf-vertx-stacks-01']) {
      const ours = rectangles(await drawn(peer(`${pl}/${name}.folded`), ['--colors', 'hot']));
      expectSameFills(ours, rectangles(readFileSync(peer(`${pl}/${name}.svg`), 'utf8')));
    }
  });

  test('colours: --deterministic of inferno', async () => {
    const input = peer(`${inferno}/colors/async-profiler-collapsed-part.txt`);
    const theirs = rectangles(readFileSync(peer(`${inferno}/colors/deterministic.svg`), 'utf8'));
    expectSameFills(rectangles(await drawn(input, ['--deterministic', '--colors', 'hot'])), theirs);
  });

  test('--cp: what palette.map holds is kept, what it does not is added', async () => {
    const cwd = workFolder();
    copyFileSync(peer(`${inferno}/palette-map/palette.map`), join(cwd, 'palette.map'));
    const before = readFileSync(join(cwd, 'palette.map'), 'utf8');
    const first = await drawn(vx, ['--cp', '--colors', 'hot'], cwd);
    const theirs = rectangles(readFileSync(peer(`${inferno}/palette-map/consistent-palette.svg`), 'utf8'));
    expectSameFills(rectangles(first), theirs, (name) => name !== '' && before.includes(`${name}->`));
    const after = readFileSync(join(cwd, 'palette.map'), 'utf8');
    for (const line of before.trimEnd().split('\n')) expect(after).toContain(line);
    expect(after.length).toBeGreaterThan(before.length);
    expect(rectangles(await drawn(vx, ['--cp', '--colors', 'blue'], cwd))).toEqual(rectangles(first));
    expect(readFileSync(join(cwd, 'palette.map'), 'utf8')).toBe(after);
  });
});

function expectSameFills(
  ours: readonly Rectangle[],
  theirs: readonly Rectangle[],
  of: (name: string) => boolean = () => true,
): void {
  const { pairs } = paired(ours, theirs);
  const compared = pairs.filter(([{ name }]) => name !== 'all' && of(name));
  expect(compared.length).toBeGreaterThan(10);
  expect(compared.filter(([a, b]) => a.fill !== b.fill).map(([a, b]) => [a.name, a.fill, b.fill])).toEqual([]);
}

const flamegraph = findTool('flamegraph.pl');
const inferno = findTool('inferno-flamegraph');
/** Names of several languages, siblings that sort by what follows them, self weights, unsorted, a separator. */
const MIXED = `start;main;parse(char const*) 7
start;main 4
java;Lcom/acme/Server:.run_[j];java/util/Map:.get_[i];memcpy 31
java;Lcom/acme/Server:.run_[j];sys_read_[k] 3
node;app /srv/app/index.js:1:1;node_modules dep /srv/app/node_modules/d/i.js:2:1 12
node;LazyCompile:~run native.js:10;v8::internal::Heap::Scavenge 5
python3.11;/usr/lib/python3.11/json/decoder.py:decode;<built-in method loads> 9
python3.11;/srv/site-packages/x.py:go 4
my-app\`core::ops::call;alloc::vec::push;app::run 6
perl;Perl_runops_standard;/srv/job.pl:main 6
start;main;parse;scan<int> 2
start;main;parse;scan 2
sleeper;futex_wait;--;waker;wake_up;--;irq 8
sleeper;futex_wait;-;poll 8
`;

describe.skipIf(!optionalTool('flamegraph.pl', flamegraph !== undefined))('beside flamegraph.pl', () => {
  const file = join(workFolder(), 'mixed.folded');
  beforeAll(() => writeFileSync(file, MIXED));
  const theirs = (options: readonly string[], input: string) =>
    rectangles(execFileSync(flamegraph!, [...options, input], { encoding: 'utf8' }), widthOf(options));

  test.each([
    [[], []],
    [['--reverse'], ['--reverse']],
    [['--flamechart'], ['--flamechart']],
    [
      ['--width', '800'],
      ['--width', '800'],
    ],
    [
      ['--height', '24', '--font-size', '15', '--subtitle', 's'],
      ['--height', '24', '--fontsize', '15', '--subtitle', 's'],
    ],
    [
      ['--min-width', '4%'],
      ['--minwidth', '4%'],
    ],
    [
      ['--min-width', '70'],
      ['--minwidth', '70'],
    ],
    [
      ['--factor', '0.1'],
      ['--factor', '0.1'],
    ],
  ])('%j', async (ours, plain) => {
    const svg = await drawn(file, [...ours]);
    expect(paired(rectangles(svg, widthOf(ours)), theirs(plain, file)).alone).toEqual([]);
  });

  test.each([
    ...['hot', 'mem', 'io', 'red', 'green', 'blue', 'aqua', 'yellow', 'purple', 'orange', 'wakeup'].map((id) => [
      id,
      [],
    ]),
    ...['hot', 'mem', 'aqua', 'perl'].map((id) => [id, ['--hash']]),
  ] as [string, string[]][])('--colors %s %j', async (id, how) => {
    const ours = rectangles(await drawn(file, ['--colors', id, ...how]));
    // perl looks for `::` before it looks for Perl, inferno and we the other way round
    expectSameFills(ours, theirs(['--colors', id, ...how], file));
  });

  test('--colors chain: wakers are told from who slept', async () => {
    const chain = join(workFolder(), 'chain.folded');
    // flamegraph.pl draws a separator on top of a stack that has none
    const lines = MIXED.split('\n').filter((line) => line.includes(';--;'));
    writeFileSync(chain, Array.from({ length: 4 }, (_, i) => lines[0]!.replace('waker', `waker${i}`)).join('\n'));
    const ours = rectangles(await drawn(chain, ['--colors', 'chain']));
    expectSameFills(ours, theirs(['--colors', 'chain'], chain));
  });
});

describe.skipIf(!optionalTool('inferno-flamegraph', inferno !== undefined))('beside inferno-flamegraph', () => {
  const file = join(workFolder(), 'mixed.folded');
  beforeAll(() => writeFileSync(file, MIXED));
  const theirs = (options: readonly string[]) => execFileSync(inferno!, [...options, file], { encoding: 'utf8' });

  test.each([
    [[], []],
    [['--inverted'], ['--inverted']],
    [
      ['-i', '--subtitle', 's'],
      ['--inverted', '--subtitle', 's'],
    ],
    [['--reverse'], ['--reverse']],
    [
      ['--width', '700'],
      ['--width', '700'],
    ],
    [
      ['--height', '20', '--font-size', '14'],
      ['--height', '20', '--fontsize', '14'],
    ],
    [
      ['--min-width', '4%'],
      ['--minwidth', '4'],
    ],
    [
      ['--factor', '3'],
      ['--factor', '3'],
    ],
  ])('%j', async (ours, plain) => {
    const width = widthOf(ours);
    const { alone } = paired(rectangles(await drawn(file, [...ours]), width), rectangles(theirs(plain), width), {
      tolerance: 0.01,
    });
    expect(alone).toEqual([]);
  });

  test.each(['hot', 'mem', 'java', 'js', 'perl', 'python', 'rust', 'wakeup'])(
    '--deterministic --colors %s',
    async (id) => {
      const options = ['--deterministic', '--colors', id];
      expectSameFills(rectangles(await drawn(file, options)), rectangles(theirs(options)));
    },
  );

  test('the picture is no larger', async () => {
    for (const input of [
      file,
      ...(present ? ['js', 'vertx'].map((name) => peer(`svg/flamegraph-pl/perf-${name}-stacks-01.folded`)) : []),
    ]) {
      const svg = await drawn(input, ['--min-width', '0.01%', '--no-embed']);
      const other = execFileSync(inferno!, [input], { encoding: 'utf8' });
      const frames = rectangles(svg).length;
      console.log(`${frames} frames: ${svg.length} bytes, inferno ${other.length}`);
      expect(svg.length).toBeLessThanOrEqual(other.length);
    }
  });
});

function widthOf(options: readonly string[]): number {
  const at = options.indexOf('--width');
  return at < 0 ? 1200 : Number(options[at + 1]);
}
