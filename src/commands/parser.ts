import { Command as CommanderCommand } from 'commander';
import type { CommandDescription } from '../render/completion/description.ts';
import type { Command } from './command.ts';
import { type CommandEntry, commands } from './registry.ts';

/** The parser of one command: its own options, and those that every command has. */
export function parserOf(entry: CommandEntry, command: Command): CommanderCommand {
  const parser = new CommanderCommand(`pforge-prof ${entry.name}`)
    .usage(entry.usage)
    .description(`${entry.summary[0]?.toUpperCase()}${entry.summary.slice(1)}.`);
  command.configure(parser);
  return parser
    .exitOverride()
    .optionsGroup('Every command:')
    .option('--json', 'machine-readable results on standard output')
    .option('-q, --quiet', 'no progress, no summary; errors only')
    .option('--color', 'colour, also where no terminal is (also: FORCE_COLOR)')
    .option('--no-color', 'no colour (also: NO_COLOR)')
    .option('--debug', 'stack traces with errors')
    .helpOption('-h, --help', 'this text');
}

/** All commands with their options, for what is made of them: completion, the manual page. Loads every command. */
export async function describeCommands(): Promise<CommandDescription[]> {
  return Promise.all(
    commands.map(async (entry) => {
      const parser = parserOf(entry, await entry.load());
      let help = '';
      parser.configureOutput({ writeOut: (text) => (help += text) });
      parser.outputHelp();
      const options = parser.createHelp().visibleOptions(parser);
      return {
        name: entry.name,
        aliases: entry.aliases ?? [],
        usage: entry.usage,
        summary: entry.summary,
        words: entry.words ?? [],
        runsProgram: /\[-- /.test(entry.usage),
        options: options.map(({ short, long, flags, description, argChoices, required, optional }) => ({
          ...(short === undefined ? {} : { short }),
          ...(long === undefined ? {} : { long }),
          flags,
          description,
          takesValue: required || optional,
          mayStandAlone: optional,
          choices: argChoices ?? [],
        })),
        epilogue: help.slice(parser.helpInformation().length).trim(),
      };
    }),
  );
}
