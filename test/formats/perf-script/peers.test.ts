import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folded } from '../../../src/formats/folded.ts';
import { readableRustName } from '../../../src/formats/frames/rust-names.ts';
import { readProfile } from '../../../src/formats/registry.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { rootByThread } from '../../../src/profile/threads.ts';
import { stacksOf, written } from '../harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data/perf-script');
const present = existsSync(PEERS);
if (!present) console.log(`skipped: recordings of other projects are not at ${PEERS}`);

/** A sum a stack, without the pid that `--pid` adds to the root. Rust's names stackcollapse-perf.pl leaves half read. */
function sums(text: string): Map<string, number> {
  const stacks = new Map<string, number>();
  for (const line of text.split('\n')) {
    const cut = line.lastIndexOf(' ');
    if (cut < 0 || line.startsWith('# ')) continue;
    const text = line.slice(0, cut).replace(/^([^;]*?)-(?:\d+|\?)(?=;|$)/, '$1');
    const stack = text.split(';').map(readableRustName).join(';');
    stacks.set(stack, (stacks.get(stack) ?? 0) + Number(line.slice(cut + 1)));
  }
  return stacks;
}

function total(stacks: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const weight of stacks.values()) sum += weight;
  return sum;
}

/** The stacks by the weight of one value type, as our own folded text gives them. */
function stacksBy(profile: Profile, valueIndex: number): Map<string, number> {
  const { valueTypes, samples } = profile;
  const chosen = {
    ...profile,
    valueTypes: [valueTypes[valueIndex]!],
    samples: { ...samples, values: [samples.values[valueIndex]!] },
  };
  return sums(written(folded, rootByThread(chosen, 'comm')));
}

/** What we write otherwise than stackcollapse-perf.pl and inferno, on purpose. */
function inTheirWords(stack: string): string {
  return stack
    .replace(/operator\(\)(?=;|$)/g, 'operator') // they cut the call operator's own name at its bracket
    .replace(/\w+ (\/[^;]*|evalmachine\.<anonymous>|node\.js):\d+(?=;|$)/g, 'JS') // we split V8's names into name and place
    .replace(/RegExp: [^;]*(?=;|$)/g, 'JS');
}

describe.runIf(present)('stackcollapse-perf.pl', () => {
  const folder = join(PEERS, 'flamegraph-pl');
  const names = present ? readdirSync(folder).filter((name) => name.endsWith('.txt')) : [];

  test.each(names)('%s: the same stacks and weights', async (name) => {
    const path = join(folder, name);
    const golden = sums(readFileSync(join(folder, 'results', name.replace('.txt', '-collapsed-pid.txt')), 'utf8'));
    const profile = await readProfile(path);
    // It keeps the first event only; the column with its total is that one
    const columns = profile.valueTypes.map((_type, i) => stacksBy(profile, i));
    const closed = /\n\s*\n$/.test(readFileSync(path, 'utf8'));
    const column =
      profile.valueTypes.length > 2 ? columns.find((own) => total(own) === total(golden))! : columns.at(-1)!;
    // It loses the last sample where no blank line closes it
    if (closed) expect(total(column)).toBe(total(golden));
    else expect(total(column)).toBeGreaterThan(total(golden));

    const known = new Map([...column].map(([stack, weight]) => [inTheirWords(stack), weight]));
    const different = [...golden].filter(([stack, weight]) => !((known.get(stack) ?? 0) >= weight));
    const foreign = different.filter(([stack]) => !/;(?:JS|RegExp|LazyCompile|Function):|; (?:;|$)/.test(stack));
    expect(foreign).toEqual([]);
    const more = [...known.keys()].filter((stack) => !golden.has(stack));
    expect(more.length).toBeLessThanOrEqual(different.length + (closed ? 0 : 1));
  });
});

describe.runIf(present)('inferno-collapse-perf', () => {
  const folder = join(PEERS, 'inferno');

  test.each([
    ['cpp-stacks-std-function', 'cpp-stacks-std-function-collapsed'],
    ['go-stacks', 'go-stacks-collapsed'],
    ['single-line-stacks', 'single-line-stacks-collapsed'],
    ['sourcepawn-jitdump', 'sourcepawn-jitdump-collapsed-jit'],
  ])('%s: the same stacks and weights', async (name, result) => {
    const golden = readFileSync(join(folder, 'results', `${result}.txt`), 'utf8').replaceAll('_[j]', '');
    const profile = await readProfile(join(folder, `${name}.txt`));
    const own = [...stacksBy(profile, profile.valueTypes.length - 1)];
    expect(new Map(own.map(([stack, weight]) => [inTheirWords(stack), weight]))).toEqual(sums(golden));
  });
});

describe.runIf(present)('odd shapes: no sample is lost', () => {
  const expected: Record<string, string> = {
    addrsrc: 'pp;g g.c:3;f file.c:12 1',
    anon: 'pp;main;(anonymous namespace)::f 1',
    commcolon: 'kworker/0:1-events;f 5',
    commparen: '(sd-pam);f 5',
    commsp: 'V8_WorkerThread;f 5',
    cpp:
      'pp;net/http.(*Client).Do;foo:bar;operator();main::{lambda(int)#1}::operator();(anonymous namespace)::f;' +
      'std::map<int, void (*)(int)>::operator[] 1',
    deleted: 'pp;[a];g;f 5',
    inl: 'pp;e;b;c;d;a 1',
    js:
      'node;Builtin:ArgumentsAdaptorTrampoline;bar /w/x.mjs:9:1;RegExp: [&<>"\'];(anonymous) node:internal/x:3:4;' +
      'foo /a/b.js:1:2 1',
    noperiod: 'pp;f 1',
    nostack: 'pp 5\npp;f 7',
    notrail: 'pp;f 5',
    ppp: 'pp;f 5',
    single: 'false;[unknown] 34467',
    swapper: 'swapper;i;i;h;g;f;f 1',
    twoev: 'pp;f 5',
    unk: 'pp;[anon];[[vdso]];[libc.so.6];[unknown] 1',
  };

  test('every case is expected here', () => {
    const names = readdirSync(join(PEERS, 'edge')).map((name) => name.replace('.txt', ''));
    expect(names.sort()).toEqual(Object.keys(expected).sort());
  });

  test.each(Object.entries(expected))('%s', async (name, stacks) => {
    expect(stacksOf(await readProfile(join(PEERS, 'edge', `${name}.txt`)))).toBe(`${stacks}\n`);
  });
});

describe.runIf(present)("speedscope's samples", () => {
  test.each([
    ['forks', 561],
    ['one-sample', 1],
    ['rust-mangled', 96],
    ['simple', 1],
    ['simple-with-header', 136],
    ['simple-with-pid', 137],
    ['system-wide', 556],
  ])('%s: %i samples, every line understood', async (name, samples) => {
    const path = join(PEERS, 'speedscope', `${name}.linux-perf.txt`);
    const profile = await readProfile(path);
    expect(profile.samples.length).toBe(samples);
    expect(profile.samples.length).toBe(readFileSync(path, 'utf8').match(/^\S.*clock.*: *$/gm)!.length);
    expect(profile.meta.notes.filter((note) => !note.includes('blank line'))).toEqual([]);
  });
});
