import { Command as CommanderCommand, CommanderError } from 'commander';
import type { Call, SharedOptions } from './commands/command.ts';
import { commands } from './commands/registry.ts';
import { EXIT, UserError } from './errors.ts';
import { wantsColor } from './terminal/color.ts';
import { reportError } from './terminal/report-error.ts';
import type { World } from './world.ts';

/**
 * Parses the words, loads the command they name and runs it. Errors are printed here, once.
 * @returns the exit code
 */
export async function runCommand(world: World): Promise<number> {
  const { ours, program } = splitWords(world.argv.slice(2));
  try {
    const entry = commands.find(({ name, aliases }) => [name, ...(aliases ?? [])].includes(ours[0] ?? ''));
    if (entry === undefined) {
      const known = commands.map(({ name }) => name).join(', ');
      throw new UserError(`unknown command ${ours[0] ?? ''}`, { hint: `known are ${known}; see pforge-prof --help` });
    }
    const command = await entry.load();
    const parser = new CommanderCommand(`pforge-prof ${entry.name}`)
      .usage(entry.usage)
      .description(`${entry.summary[0]?.toUpperCase()}${entry.summary.slice(1)}.`);
    command.configure(parser);
    addShared(parser, world);
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

/** Splits at the first `--`; `help NAME` is `NAME --help`. */
function splitWords(words: readonly string[]): { ours: readonly string[]; program: readonly string[] | undefined } {
  const split = words.indexOf('--');
  const ours = split < 0 ? words : words.slice(0, split);
  const program = split < 0 ? undefined : words.slice(split + 1);
  return { ours: ours[0] === 'help' ? [...ours.slice(1), '--help'] : ours, program };
}

function addShared(parser: CommanderCommand, world: World): void {
  parser
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      // A usage error is printed once, like every other error.
      writeErr: () => {},
    })
    .option('--json', 'machine-readable results on standard output')
    .option('-q, --quiet', 'no progress, no summary; errors only')
    .option('--color', 'colour, also where no terminal is (also: FORCE_COLOR)')
    .option('--no-color', 'no colour (also: NO_COLOR)')
    .option('--debug', 'stack traces with errors');
}

function sharedOptions(options: Record<string, unknown>, world: World): SharedOptions {
  return {
    json: options.json === true,
    quiet: options.quiet === true,
    color: typeof options.color === 'boolean' ? options.color : wantsColor(world.stderr, world.env),
  };
}

async function parse(parser: CommanderCommand, words: readonly string[]): Promise<void> {
  try {
    await parser.parseAsync([...words], { from: 'user' });
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
