import type { BenchCommand, CommandStreams, Words } from '../../bench/commands/bench-command.ts';
import { openStreams } from '../../bench/commands/open-streams.ts';
import { combinations, listValues, type Parameter, scanValues, substitute } from '../../bench/commands/parameters.ts';
import { UserError } from '../../errors.ts';
import { resolveProgram } from '../../processes/executables.ts';
import type { Call } from '../command.ts';
import { joinWords, splitWords } from '../options/split-words.ts';
import type { CommandRunOptions } from './command-options.ts';

/** What is to be measured. */
export interface CommandPlan {
  /** The reference is the first, whether it was named one or not. */
  readonly commands: readonly BenchCommand[];
  readonly emptyShell: BenchCommand | undefined;
  /** Not in turns. */
  readonly sequential: boolean;
}

/** One command as it was given, parameters not put in yet. */
interface Template {
  /** For a command line of one option; a program after `--` has words. */
  readonly text: string | Words;
  readonly name?: string;
}

/**
 * What the options ask for.
 * @throws {UserError} options contradict each other; 126, 127: a command cannot be run
 */
export function planCommands(call: Call, options: CommandRunOptions): CommandPlan {
  const templates = templatesOf(call, options);
  const shell = shellOf(options);
  const values = combinations(parametersOf(options));
  const many = values.length * templates.length;
  const names = namesOf(options, templates.length, many);
  const commands = values.flatMap((parameters) =>
    templates.map((template, at) => {
      const step = (given: readonly string[] | undefined, option: string): Words | undefined => {
        const text = forCommand(given, at, templates.length, option);
        return text === undefined ? undefined : wordsOfText(substitute(text, parameters), shell, option);
      };
      return commandOf(template, parameters, shell, streamsOf(options, at, templates.length), {
        setup: step(listOf(options.setup), '--setup'),
        cleanup: step(listOf(options.cleanup), '--cleanup'),
        prepare: step(options.prepare, '--prepare'),
        conclude: step(options.conclude, '--conclude'),
      });
    }),
  );
  const named = commands.map((command, at) => ({ ...command, name: names(at, command) }));
  for (const { words } of named) resolveProgram(words[0] ?? '', call.world.env.PATH);
  return {
    commands: named,
    emptyShell: shell === undefined ? undefined : emptyShellOf(shell, named[0]!.streams),
    sequential: sequential(options, named),
  };
}

function templatesOf(
  { program }: Call,
  { cmd = [], reference, referenceName }: CommandRunOptions,
): readonly Template[] {
  if (program !== undefined && program.length === 0) throw new UserError('no program follows --', { hint: 'name one' });
  if (referenceName !== undefined && reference === undefined) {
    throw new UserError('--reference-name needs --reference', { hint: 'give both' });
  }
  return [
    ...(reference === undefined
      ? []
      : [{ text: reference, ...(referenceName === undefined ? {} : { name: referenceName }) }]),
    ...cmd.map((text) => ({ text })),
    ...(program === undefined ? [] : [{ text: program }]),
  ];
}

function commandOf(
  { text, name }: Template,
  parameters: ReadonlyMap<string, string>,
  shell: Words | undefined,
  streams: CommandStreams,
  steps: Record<'setup' | 'cleanup' | 'prepare' | 'conclude', Words | undefined>,
): BenchCommand {
  const words =
    typeof text === 'string'
      ? wordsOfText(substitute(text, parameters), undefined, '--cmd', shell !== undefined)
      : text.map((word) => substitute(word, parameters));
  const commandLine = typeof text === 'string' ? substitute(text, parameters) : joinWords(words);
  const known = Object.entries(steps).filter(([, step]) => step !== undefined);
  return {
    name: name ?? commandLine,
    commandLine,
    words: shell === undefined ? words : [...shell, '-c', commandLine],
    parameters,
    streams,
    ...Object.fromEntries(known),
  };
}

/** @param raw a shell will read it: it need not be words */
function wordsOfText(text: string, shell: Words | undefined, option: string, raw = false): Words {
  if (shell !== undefined) return [...shell, '-c', text];
  if (raw) return [text];
  try {
    return splitWords(text);
  } catch (error) {
    throw new UserError(`${option} ${JSON.stringify(text)}: ${(error as Error).message.replace(/\.$/, '')}`, {
      hint: 'quote words that hold blanks, or have a shell read it: --shell',
    });
  }
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : [text];
}

function forCommand(
  given: readonly string[] | undefined,
  at: number,
  count: number,
  option: string,
): string | undefined {
  if (given === undefined || given.length === 1) return given?.[0];
  if (given.length === count) return given[at];
  throw new UserError(`${option} is given ${given.length} times for ${count} commands`, {
    hint: 'give it once for all of them, or once for each',
  });
}

function namesOf(
  { commandName = [] }: CommandRunOptions,
  templates: number,
  many: number,
): (at: number, command: BenchCommand) => string {
  if (commandName.length > Math.max(templates, many)) {
    throw new UserError(`${commandName.length} names are given for ${many} commands`, {
      hint: 'give -n once for each',
    });
  }
  const each = commandName.length > templates ? many : templates;
  return (at, command) => {
    const name = commandName[at % each];
    return name === undefined ? command.name : substitute(name, command.parameters);
  };
}

function parametersOf(options: CommandRunOptions): readonly Parameter[] {
  const { parameterScan = [], parameterList = [], parameterStepSize } = options;
  if (parameterStepSize !== undefined && parameterScan.length === 0) {
    throw new UserError('--parameter-step-size needs --parameter-scan', { hint: 'give -P NAME FROM TO' });
  }
  if (parameterScan.length % 3 !== 0) {
    throw new UserError('--parameter-scan takes a name and two numbers', { hint: 'as in -P threads 1 8' });
  }
  if (parameterList.length % 2 !== 0) {
    throw new UserError('--parameter-list takes a name and its values', { hint: 'as in -L compiler gcc,clang' });
  }
  const found: Parameter[] = [];
  for (let at = 0; at < parameterScan.length; at += 3) {
    const [name, from, to] = parameterScan.slice(at, at + 3) as [string, string, string];
    found.push({ name, values: scanValues(name, from, to, parameterStepSize) });
  }
  for (let at = 0; at < parameterList.length; at += 2) {
    const [name, values] = parameterList.slice(at, at + 2) as [string, string];
    found.push({ name, values: listValues(values) });
  }
  return found;
}

function shellOf({ shell, N }: CommandRunOptions): Words | undefined {
  if (N || shell === undefined || shell === 'none') return undefined;
  return shell === true || shell === 'default' ? ['sh'] : splitWords(shell);
}

function emptyShellOf(shell: Words, streams: CommandStreams): BenchCommand {
  const words = [...shell, '-c', ''];
  return {
    name: 'an empty shell',
    commandLine: joinWords(words),
    words,
    parameters: new Map(),
    // A file is for what the commands print
    streams: typeof streams.output === 'string' ? streams : { ...streams, output: 'null' },
  };
}

function sequential({ order }: CommandRunOptions, commands: readonly BenchCommand[]): boolean {
  const steps = new Set(commands.map(({ setup, cleanup }) => JSON.stringify([setup, cleanup])));
  if (order === 'interleaved' && steps.size > 1) {
    throw new UserError('--setup or --cleanup differ between the commands, so they cannot be run in turns', {
      hint: 'leave --order out, or let --prepare do it before each run',
    });
  }
  return order === undefined ? steps.size > 1 : order === 'sequential';
}

/** @throws {UserError} a file cannot be opened: said before anything runs */
function streamsOf(
  { input = 'null', output = ['null'], showOutput }: CommandRunOptions,
  at: number,
  commands: number,
): CommandStreams {
  const all = showOutput ? ['inherit'] : output;
  const where = forCommand(all, at, commands, '--output')!;
  const streams: CommandStreams = {
    input: input === 'null' ? 'null' : { file: input },
    output: where === 'null' || where === 'pipe' || where === 'inherit' ? where : { file: where },
    errors: where === 'inherit' ? 'inherit' : 'null',
  };
  openStreams(streams).close();
  return streams;
}
