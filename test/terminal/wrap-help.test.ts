import { expect, test } from 'vitest';
import { describeCommands } from '../../src/commands/parser.ts';
import { commands } from '../../src/commands/registry.ts';
import { firstSteps, rootHelp } from '../../src/root-help.ts';
import { wrapHelp } from '../../src/terminal/wrap-help.ts';

const COLUMNS = 80;
const terminal = { isTTY: true, columns: COLUMNS };

/** Lines that a terminal would break; commands are left whole. */
const tooLong = (text: string) =>
  wrapHelp(text, terminal)
    .split('\n')
    .filter((line) => line.length > COLUMNS && !/^ +pforge-prof /.test(line));

const words = (text: string) => text.split(/\s+/).join(' ');

test('no help is wider than a terminal, and nothing of it is lost', async () => {
  const epilogues = (await describeCommands()).map(({ epilogue }) => epilogue);
  for (const text of [rootHelp(commands), firstSteps(), ...epilogues]) {
    expect(tooLong(text)).toEqual([]);
    expect(words(wrapHelp(text, terminal))).toBe(words(text));
  }
});

test('what explains a word stays in its column, or goes below where that is too narrow', () => {
  const long = 'words '.repeat(12).trim();
  expect(wrapHelp(`  check  ${long}`, { isTTY: true, columns: 48 })).toBe(
    [`  check  ${'words '.repeat(6).trim()}`, `         ${'words '.repeat(6).trim()}`].join('\n'),
  );
  expect(wrapHelp(`  pforge-prof heap leak -- node server.js  ${long}`, { isTTY: true, columns: 48 })).toBe(
    [
      '  pforge-prof heap leak -- node server.js',
      `      ${'words '.repeat(7).trim()}`,
      `      ${'words '.repeat(5).trim()}`,
    ].join('\n'),
  );
});

test('paragraphs are filled anew; commands and what is no terminal stay as they are', () => {
  const paragraph = `Keys: ${'one two '.repeat(10)}\n  three four\n`;
  expect(tooLong(paragraph)).toEqual([]);
  expect(wrapHelp(paragraph, terminal).split('\n')).toHaveLength(3);
  const command = `  pforge-prof ${'x'.repeat(90)}\n`;
  expect(wrapHelp(command, terminal)).toBe(command);
  expect(wrapHelp(paragraph, { columns: 40 })).toBe(paragraph);
});
