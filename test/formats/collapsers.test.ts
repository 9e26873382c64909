import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readableRustName } from '../../src/formats/frames/rust-names.ts';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat, readInput } from '../../src/formats/registry.ts';
import { csvLine } from '../../src/formats/text/csv-line.ts';
import { checkProfile } from '../../src/profile/check.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { readText, refusal, stacksOf } from './harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/collapse');
if (!existsSync(PEERS)) console.log(`skipped: no recordings in ${PEERS}`);

/** Stacks with their default weight as inferno writes them: ``module`name``, no zeros. */
function folded(profile: Profile, { modules = true, threads = false, unit = 1 } = {}): Map<string, number> {
  const { strings, frames, stacks, samples } = profile;
  const sums = new Map<string, number>();
  for (let row = 0; row < samples.length; row++) {
    const names: string[] = [];
    for (let at = samples.stack[row]!; at >= 0; at = stacks.parent[at]!) {
      const frame = stacks.frame[at]!;
      const module = modules ? strings[frames.module[frame]!]!.replace(/\.dylib$/, '') : '';
      names.push(`${module === '' ? '' : `${module}\``}${strings[frames.name[frame]!]}`);
    }
    if (threads) names.push(`Thread_${profile.threads[samples.thread![row]!]!.tid}`);
    const key = names.reverse().join(';');
    sums.set(key, (sums.get(key) ?? 0) + samples.values.at(-1)![row]! / unit);
  }
  return sums;
}

function golden(path: string): Map<string, number> {
  const lines = readFileSync(join(PEERS, path), 'utf8').trimEnd().split(/\r?\n/);
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

async function peer(path: string, id: string): Promise<Profile> {
  const bytes = readFileSync(join(PEERS, path));
  const input = inputOf(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, 'x');
  expect(detectFormat(input).id).toBe(id);
  const profile = await readInput(input);
  checkProfile(profile);
  return profile;
}

describe('dtrace', () => {
  test('leaf first, offsets and hashes go, modules stay', async () => {
    const profile = await readText(
      'CPU ID FUNCTION:NAME\n\n  a.out`f::g::h428457710ae7645a+0x6\n  unix`trap+0x2c7\n  0x104d\n 7\n',
    );
    expect([...folded(profile)]).toEqual([['0x104d;unix`trap;a.out`f::g', 7]]);
  });

  test('a last stack without a count is told', async () => {
    const profile = await readText('CPU ID FUNCTION:NAME\n\n  a`f\n 1\n  a`g\n');
    expect(profile.meta.notes).toEqual(['x: the last stack has no count and is left out: the file was cut']);
  });

  test
    .skipIf(!existsSync(PEERS))
    .each([
      ['flamegraph-bug'],
      ['hex-addresses'],
      ['java'],
      ['rust-names'],
      ['scope_with_no_argument_list'],
      ['stack-ustack'],
    ])("inferno's %s", async (name) => {
    const profile = await peer(`dtrace/${name}.txt`, 'dtrace');
    // inferno cuts names at the last `<` or `(`, keeps a `_` before `{{`, and marks inlined frames `_[i]`
    const plain = (stack: string) =>
      stack
        .replaceAll('_{{', '{{')
        .replaceAll('.dylib`', '`')
        .replace(/_\[i\]|\+0x[0-9a-f]+/g, '')
        .split(';')
        .map((frame) => frame.replace(/(?<=[\w}])[(<].*$/, ''))
        .join(';');
    const sums = [...folded(profile)].map(([stack, count]) => `${plain(stack)} ${count}`).sort();
    expect(sums).toEqual(
      [...golden(`dtrace/results/${name}.txt`)].map(([stack, count]) => `${plain(stack)} ${count}`).sort(),
    );
  });
});

describe('vtune', () => {
  test.each([
    ['main,x,a', "line 2: 'x' is no number of seconds"],
    ['main,-1,a', "line 2: '-1' is no number of seconds"],
    [' main,1,a', 'line 2: it is indented by 1, but its caller is not there'],
    ['main', 'line 2: this is no function, time and module'],
    ['"main,1', 'line 2: this is no function, time and module'],
  ])('%s is refused', async (line, message) => {
    expect(await refusal(readText(`Function Stack,CPU Time:Self,Module\n${line}\n`))).toBe(`x: ${message}`);
  });

  test.skipIf(!existsSync(PEERS))('the stacks of inferno, in nanoseconds', async () => {
    const profile = await peer('vtune/vtune.csv', 'vtune');
    const rounded = new Map(
      [...folded(profile, { modules: false, unit: 1e6 })].map(([key, value]) => [key, Math.round(value)]),
    );
    expect(rounded).toEqual(golden('vtune/results/vtune-no-modules.txt'));
    for (const name of ['bad-stack-line', 'invalid-time-field', 'skipped-indentation']) {
      expect(await refusal(peer(`vtune/${name}.csv`, 'vtune'))).toMatch(/^x: line \d+: /);
    }
  });
});

describe('vsprof', () => {
  const HEADER = 'Level,Function Name,Number of Calls,Module Name,\n0,"a.exe",0,"",\n';
  test.each([
    ['x,"f",1', "line 3: 'x' is no level"],
    ['2,"f",1', 'line 3: it has level 2, but its caller is not there'],
    ['1,"f","1,5.25"', "line 3: '1,5.25' is no number of calls"],
    ['1,"f', 'line 3: a quote does not close'],
    ['1', 'line 3: there is no name or number of calls'],
  ])('%s is refused', async (line, message) => {
    expect(await refusal(readText(`${HEADER}${line}\n`))).toBe(`x: ${message}`);
  });

  test.skipIf(!existsSync(PEERS))('functions that call nothing have the counts of inferno', async () => {
    const ours = folded(await peer('vsprof/CallTreeSummary.csv', 'vsprof'), { modules: false });
    const keys = [...ours.keys()];
    const leaves = keys.filter((key) => !keys.some((other) => other.startsWith(`${key};`)));
    const theirs = golden('vsprof/results/vsprof-default.txt');
    // Where a function stands under its caller twice, we add what inferno overwrites
    const different = leaves.filter((key) => theirs.get(key) !== ours.get(key));
    expect(leaves.length).toBeGreaterThan(120);
    for (const key of different) expect(ours.get(key)).toBeGreaterThan(theirs.get(key) ?? 0);
    expect(different.length).toBeLessThan(10);
    for (const name of ['invalid-depth', 'invalid-function-name', 'invalid-number-of-calls', 'missing-function-name']) {
      expect(await refusal(peer(`vsprof/${name}.csv`, 'vsprof'))).toMatch(/^x: line \d+: /);
    }
  });
});

describe('sample', () => {
  const report = (...lines: string[]) =>
    ['Analysis of sampling rg (pid 7) every 1 millisecond', 'Call graph:', ...lines, '', ''].join('\n');

  test('self is what the callees leave', async () => {
    const lines = [
      '    8 Thread_15   DispatchQueue_1: com.apple.main-thread  (serial)',
      '    + 8 main  (in rg) + 4  [0x1]',
      '    +   5 f  (in rg) + 4  [0x2]  a.c:12',
    ];
    const profile = await readText(report(...lines));
    expect(stacksOf(profile)).toBe(
      'DispatchQueue_1:_com.apple.main-thread;main 3\nDispatchQueue_1:_com.apple.main-thread;main;f a.c:12 5\n',
    );
    expect(profile.threads).toEqual([
      { pid: 7, tid: 15, process: 'rg', name: 'DispatchQueue_1: com.apple.main-thread' },
    ]);
    expect(profile.meta.sampleInterval).toBe(1_000_000);
  });

  test.each([
    [['    8 Thread_15', '    +   8 main'], 'line 4: this is no line of a call tree, or its caller is not there'],
    [['    8 Thread_15', '    + main'], 'line 4: this is no line of a call tree, or its caller is not there'],
    [['    8 Thread_15', '    + 9 main'], 'line 3: its callees have more samples than it has itself'],
  ])('%j is refused', async (lines, message) => {
    expect(await refusal(readText(report(...lines)))).toBe(`x: ${message}`);
  });

  test.skipIf(!existsSync(PEERS))('the stacks of inferno, and those that it leaves out because they wait', async () => {
    const profile = await peer('sample/sample.txt', 'sample');
    const ours = folded(profile, { threads: true });
    const theirs = golden('sample/results/sample-default.txt');
    const same = (key: string) => key.replaceAll('_{{', '{{');
    let added = 0;
    for (const [key, count] of theirs) {
      const found = ours.get(same(key)) ?? 0;
      // Two stacks whose offsets differ: we add what inferno overwrites
      if (found !== count) added++;
      expect(found).toBeGreaterThanOrEqual(count);
    }
    expect(added).toBe(2);
    const extra = [...ours.keys()].filter((key) => ![...theirs.keys()].some((other) => same(other) === key));
    for (const key of extra) expect(key).toMatch(/libsystem_kernel`(?:read|__ulock_wait)$/);
    expect(totalWeight(profile)).toBe(3 * 825);
    expect(totalWeight(await peer('sample/large.txt.gz', 'sample'))).toBeGreaterThan(0);
    for (const name of ['bad-stack-line', 'invalid-samples-field', 'odd-indentation', 'skipped-indentation']) {
      expect(await refusal(peer(`sample/${name}.txt`, 'sample'))).toMatch(/^x: line \d+: /);
    }
  });
});

describe('ghcprof', () => {
  const HEADER =
    'Time and Allocation Profiling Report\n\nCOST CENTRE MODULE SRC no. entries %time %alloc %time %alloc ticks bytes\n\n';
  const MAIN = 'MAIN MAIN <built-in> 1 0 2.6 0.0 100.0 100.0 5 45';

  test.each([
    ['  f Lib x.hs 1 0 2.6 0.0 1.0 1.0 5 45', 'line 6: its caller is not there'],
    [' f Lib', 'line 6: this is no row of the call tree'],
    [' f Lib x.hs 1 0 2.6 0.0 1.0 1.0', 'line 6: this is no row of the call tree'],
    [' f Lib x.hs 1 0 2.6 0.0 1.0 1.0 -5 45', 'line 6: this is no row of the call tree'],
  ])('%s is refused', async (line, message) => {
    expect(await refusal(readText(`${HEADER}${MAIN}\n${line}\n`))).toBe(`x: ${message}`);
  });

  test('a cut file', async () => {
    expect(await refusal(readText(HEADER.slice(0, 60)))).toBe(
      'x: there is no call tree of cost centres: the file was cut',
    );
  });

  test.skipIf(!existsSync(PEERS)).each([
    ['ticks', 'ticks_ticks', 1],
    ['ticks', 'ticks_bytes', 0],
    ['percent', 'percent', 1],
    ['utf8', 'utf8_ticks', 1],
    ['utf8', 'utf8_bytes', 0],
  ])("inferno's %s as %s", async (name, result, column) => {
    const profile = await peer(`ghcprof/${name}.prof`, 'ghcprof');
    const one = { ...profile, samples: { ...profile.samples, values: [profile.samples.values[column]!] } };
    const nonZero = (sums: Map<string, number>) => [...sums].filter(([, count]) => count > 0).sort();
    expect(nonZero(folded(one))).toEqual(nonZero(golden(`ghcprof/results/${result}.txt`)));
  });
});

test.each([
  ['a,b,', ['a', 'b', '']],
  ['"a,b","c""d"', ['a,b', 'c"d']],
  ['  "a",1', ['  a', '1']],
  ['"a', undefined],
  ['"a"b', undefined],
])('csv: %s', (line, fields) => {
  expect(csvLine(line)).toEqual(fields);
});

test.each([
  [
    '_$LT$F$u20$as$u20$alloc..boxed..FnBox$LT$A$GT$$GT$::call_box::h8612a2a83552fc2d',
    '<F as alloc::boxed::FnBox<A>>::call_box',
  ],
  ['std::panicking::try::do_call::h08ca64c12e8a9bb0 (.llvm.15516475458848885060)', 'std::panicking::try::do_call'],
  ['a::_$u7b$$u7b$closure$u7d$$u7d$::h6e849b55a66fcd85', 'a::{{closure}}'],
  ['readdir_r$INODE64', 'readdir_r$INODE64'],
  ['_ZN3std2rt10lang_start17h540c897fe52ba9c5E', 'std::rt::lang_start'],
  ['_ZN3std2rt10lang_start17h540c897fe52ba9c5E.llvm.1551', 'std::rt::lang_start'],
  [
    '_ZN71_$LT$$u27$a$u20$as$u20$core..str..pattern..ReverseSearcher$LT$$u27$a$GT$$GT$15next_match_back17h09d544049dd719bbE',
    '_ZN71_$LT$$u27$a$u20$as$u20$core..str..pattern..ReverseSearcher$LT$$u27$a$GT$$GT$15next_match_back17h09d544049dd719bbE',
  ],
  [
    '_ZN41_$LT$F$u20$as$u20$alloc..boxed..FnBox$GT$8call_box17h8612a2a83552fc2dE',
    '<F as alloc::boxed::FnBox>::call_box',
  ],
  ['_ZN4test1a2bcE', '_ZN4test1a2bcE'],
  ['f::$u110000$::h6e849b55a66fcd85', 'f::$u110000$'],
])('rust: %s', (raw, name) => {
  expect(readableRustName(raw)).toBe(name);
});
