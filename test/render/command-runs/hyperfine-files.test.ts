import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CommandSummary, summarize } from '../../../src/bench/commands/summary.ts';
import {
  hyperfineAsciidoc,
  hyperfineCsv,
  hyperfineJson,
  hyperfineMarkdown,
  hyperfineOrg,
} from '../../../src/render/command-runs/hyperfine-files.ts';
import { timeUnit } from '../../../src/render/command-runs/time-unit.ts';
import { commandOf, runOf } from '../../bench/commands/command-of.ts';

const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data/bench-results/hyperfine');
const here = existsSync(PEERS);
if (!here) console.log(`skipped: no files of hyperfine in ${PEERS}`);
const golden = (name: string): string => readFileSync(join(PEERS, name), 'utf8');

interface Result {
  readonly command: string;
  readonly user: number;
  readonly system: number;
  readonly times: readonly number[];
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The runs that hyperfine recorded, as if we had made them. */
function recorded(name: string): CommandSummary[] {
  const { results } = JSON.parse(golden(name)) as { readonly results: readonly Result[] };
  return results.map(({ command, user, system, times, parameters = {} }) => {
    const runs = times.map((time) => ({
      ...runOf(time * 1e3),
      user: user * 1e9,
      system: system * 1e9,
      maxRss: Number.NaN,
    }));
    return summarize({ command: commandOf(command, new Map(Object.entries(parameters))), runs });
  });
}

/** Numbers to twelve digits: summing nanoseconds rounds otherwise than summing seconds. */
const rounded = (text: string): string =>
  text.replace(/\d+\.\d+/g, (digits) => String(Number(Number(digits).toPrecision(12))));

describe.runIf(here)('files as hyperfine 1.20 writes them', () => {
  test.each([
    ['params.md', hyperfineMarkdown],
    ['params.adoc', hyperfineAsciidoc],
    ['params.org', hyperfineOrg],
  ])('%s, byte for byte', (name, write) => {
    expect(write(recorded('params.json'))).toBe(golden(name));
  });

  test('CSV, with a column for each parameter', () => {
    expect(rounded(hyperfineCsv(recorded('params.json')))).toBe(rounded(golden('params.csv')));
  });

  test.each(['params.json', 'hf-1.json'])('%s: the same keys in the same order, the same numbers', (name) => {
    const own = rounded(hyperfineJson(recorded(name)));
    expect(JSON.parse(own)).toEqual(JSON.parse(rounded(golden(name))));
    const keys = (text: string): string[] => [...text.matchAll(/"(\w+)":/g)].map(([, key]) => key!);
    expect(keys(own)).toEqual(keys(golden(name)));
  });
});

const two = [
  summarize({ command: commandOf('a | b'), runs: [runOf(1500), runOf(1700)] }),
  summarize({ command: commandOf('"quoted", c'), runs: [runOf(300)] }),
];

test('names are escaped for each format, a single run has no deviation', () => {
  expect(hyperfineMarkdown(two)).toContain('| `a \\| b` | 1.600 ± 0.141 | 1.500 | 1.700 |');
  expect(hyperfineMarkdown(two)).toContain('| `"quoted", c` | 0.300 | 0.300 | 0.300 | 1.00 |');
  expect(hyperfineAsciidoc(two)).toContain('| `a \\| b` \n');
  expect(hyperfineOrg(two)).toContain('| =a \\vert{} b=  |');
  expect(hyperfineCsv(two)).toContain('"""quoted"", c",0.3,,0.3,');
  expect(JSON.parse(hyperfineJson(two)).results[1]).toMatchObject({ stddev: null, memory_usage_byte: [1e6] });
});

test('tables are in the unit that is asked for, and of the reference that is named', () => {
  expect(hyperfineMarkdown(two, timeUnit('millisecond'), two[0])).toContain(
    '| 1600.0 ± 141.4 | 1500.0 | 1700.0 | 1.00 |',
  );
  expect(hyperfineMarkdown(two, timeUnit('microsecond'))).toContain('Mean [µs]');
});

test('a command that never ran is in no file', () => {
  const none = summarize({ command: commandOf('none'), runs: [], failure: 'exited with 1' });
  expect(JSON.parse(hyperfineJson([none, two[0]!])).results).toHaveLength(1);
  expect(hyperfineMarkdown([none])).toContain('Relative');
});
