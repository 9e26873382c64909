import type { Command as CommanderCommand } from 'commander';
import { expect, test } from 'vitest';
import { splitWords } from '../../src/commands/options/split-words.ts';
import { parserOf } from '../../src/commands/parser.ts';
import { commands } from '../../src/commands/registry.ts';
import { examplesOfHelp, examplesOfPages } from './examples.ts';

/** The calls of ours within a shell's line: what stands before a pipe, a redirection, the next command. */
function callsIn(command: string): string[] {
  return [...command.matchAll(/(?:^|[ "(])(pforge-prof|diffflame) ((?:'[^']*'|"[^"]*"|[^|;>'"])*)/g)].map(
    ([, name, words]) => `${name === 'diffflame' ? 'diff ' : ''}${words}`,
  );
}

test('every example of the docs and of --help is one that its command takes', async () => {
  const examples = [...[...examplesOfPages().values()].flat(), ...(await examplesOfHelp())];
  expect(examples.length).toBeGreaterThan(150);
  const wrong: string[] = [];
  for (const { place, command } of examples) {
    for (const call of callsIn(command)) {
      const [name, ...words] = splitWords(call);
      const entry = commands.find(({ name: known, aliases = [] }) => known === name || aliases.includes(name!));
      if (entry === undefined) {
        wrong.push(`${place}: ${command}: no command '${name}'`);
        continue;
      }
      const dashes = words.indexOf('--');
      const parser: CommanderCommand = parserOf(entry, await entry.load()).configureOutput({ writeErr: () => {} });
      try {
        parser.action(() => {}).parse(dashes < 0 ? words : words.slice(0, dashes), { from: 'user' });
      } catch (error) {
        wrong.push(`${place}: ${command}: ${(error as Error).message}`);
      }
      if (dashes >= 0 && !/\[-- /.test(entry.usage)) wrong.push(`${place}: ${command}: ${name} runs no program`);
    }
  }
  expect(wrong).toEqual([]);
  // It loads every command
}, 200_000);
