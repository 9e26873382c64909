import { expect, test } from 'vitest';
import { parserOf } from '../../src/commands/parser.ts';
import { commands } from '../../src/commands/registry.ts';

const helps: readonly [string, string][] = await Promise.all(
  commands.map(async (entry): Promise<[string, string]> => {
    return [entry.name, parserOf(entry, await entry.load()).helpInformation()];
  }),
);
const helpOf = new Map(helps);

test.each(helps)('%s: its own options come first, those of every command last', (_, help) => {
  const isHeading = (line: string, i: number, lines: readonly string[]): boolean =>
    /^\S.*:$/.test(line) && /^ +-/.test(lines[i + 1] ?? '');
  const headings = help.split('\n').filter(isHeading);
  if (headings.includes('Options:')) expect(headings[0]).toBe('Options:');
  expect(headings.at(-1)).toBe('Every command:');
});

test.each(['heap', 'massif', 'dhat', 'perf-stat', 'load'])('%s: --track comes after where results go', (name) => {
  const help = helpOf.get(name)!;
  expect(help.indexOf('\n  --track')).toBeGreaterThan(help.indexOf('\n  -o, --output'));
});

test.each([
  ['perf-stat', /^ +-c, --connections <n> +connections of the load \(10\)$/m],
  ['flame', /^ +--connections <n> +connections of the load, also -c \(10\)$/m],
])('%s: -c is told once', (name, line) => {
  expect(helpOf.get(name)).toMatch(line);
});
