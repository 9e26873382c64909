import { Command as CommanderCommand, CommanderError } from 'commander';
import type { Call, SharedOptions } from './commands/command.ts';
import { parserOf } from './commands/parser.ts';
import { commands } from './commands/registry.ts';
import { EXIT, UserError } from './errors.ts';
import { wantsColor } from './terminal/color.ts';
import { reportError } from './terminal/report-error.ts';
import { wrapHelp } from './terminal/wrap-help.ts';
import type { World } from './world.ts';

/**
 * Parses the words, loads the command they name and runs it. Errors are printed here, once.
 * @returns the exit code
 */
export async function runCommand(world: World): Promise<number> {
  const { ours, program } = splitWords(world.argv.slice(2));
  try {
    const entry = commands.find(({ name, aliases }) => [name, ...(aliases ?? [])].includes(ours[0] ?? ''));
    if (entry === undefined) throw unknownCommand(ours[0] ?? '');
    const command = await entry.load();
    const parser = parserOf(entry, command).configureOutput({
      writeOut: (text) => world.stdout.write(wrapHelp(text, world.stdout)),
      // A usage error is printed once, like every other error.
      writeErr: () => {},
    });
    let code: number = EXIT.ok;
    parser.action(async () => {
      const options: Record<string, unknown> = parser.opts();
      const call: Call = { world, program, shared: sharedOptions(options, world) };
      code = await command.run(call, parser.args, options);
    });
    await parse(parser, ours.slice(1));
    return code;
  } catch (error) {
    return reportError(error, world, ours.includes('--debug'));
  }
}

/** @param word that names none */
function unknownCommand(word: string): UserError {
  const names = commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  // The parser knows how to find what is spelled nearly like it
  const parser = new CommanderCommand().exitOverride().configureOutput({ writeErr: () => {} });
  for (const name of names) parser.command(name);
  let meant: string | undefined;
  try {
    parser.parse(['node', 'pforge-prof', word]);
  } catch (error) {
    meant = /\(Did you mean (?:one of )?(.+)\?\)/.exec((error as Error).message)?.[1];
  }
  const hint =
    meant === undefined ? `known are ${names.join(', ')}` : `did you mean ${meant.replace(/, (?=[^,]+$)/, ' or ')}`;
  return new UserError(`unknown command ${word}`, { hint: `${hint}; see pforge-prof --help` });
}

/** Splits at the first `--`; `help NAME` is `NAME --help`. */
function splitWords(words: readonly string[]): { ours: readonly string[]; program: readonly string[] | undefined } {
  const split = words.indexOf('--');
  const ours = split < 0 ? words : words.slice(0, split);
  const program = split < 0 ? undefined : words.slice(split + 1);
  return { ours: ours[0] === 'help' ? [...ours.slice(1), '--help'] : ours, program };
}

function sharedOptions(options: Record<string, unknown>, world: World): SharedOptions {
  return {
    json: options.json === true,
    quiet: options.quiet === true,
    get color() {
      return typeof options.color === 'boolean' ? options.color : wantsColor(world.stderr, world.env);
    },
  };
}

/** Words of which options written as `--name[=value]` do not take the next one: their own value is empty where none is given. */
function separated(parser: CommanderCommand, words: readonly string[]): string[] {
  const alone = new Set(parser.options.filter(({ flags }) => flags.includes('[=')).map(({ long }) => long));
  return words.map((word) => (alone.has(word) ? `${word}=` : word));
}

async function parse(parser: CommanderCommand, words: readonly string[]): Promise<void> {
  try {
    await parser.parseAsync(separated(parser, words), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    const text = error.message
      .replace(/^error: /, '')
      .replaceAll('\n', ' ')
      .replace(/\.$/, '');
    throw new UserError(text, { hint: `see ${parser.name()} --help`, cause: error });
  }
}
