import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command as CommanderCommand } from 'commander';
import { UserError } from '../../errors.ts';
import type { World } from '../../world.ts';

/** Names of inputs that are too many for a command line; as commander makes them. */
export interface InputsFrom {
  readonly inputsFrom?: string;
}

export function addInputsFrom(command: CommanderCommand): CommanderCommand {
  return command
    .optionsGroup('Options:')
    .option(
      '--inputs-from <file>',
      'read further inputs whose names stand in this file, one a line (or with a NUL behind each); - is standard input',
    );
}

/**
 * The inputs that were given and those that are listed.
 * @throws {UserError} the list cannot be read, or is empty; standard input would be both an input and the list
 */
export async function allInputs(
  given: readonly string[],
  { inputsFrom }: InputsFrom,
  world: World,
): Promise<readonly string[]> {
  if (inputsFrom === undefined) return given;
  const names = namesIn(await listText(inputsFrom, world));
  if (names.length === 0) {
    throw new UserError(`${inputsFrom} names no inputs`, { hint: 'one a line: find . -name "*.cpuprofile" > list' });
  }
  const inputs = [...given, ...names];
  if (inputsFrom === '-' && inputs.includes('-')) {
    throw new UserError('standard input is the list of inputs, and cannot be one of them');
  }
  return inputs;
}

/** `find -print0` puts a NUL behind each name, as names may have line ends. */
function namesIn(list: string): string[] {
  const names = list.includes('\0') ? list.split('\0') : list.split(/\r?\n/);
  return names.filter((name) => name !== '');
}

async function listText(file: string, world: World): Promise<string> {
  if (file === '-') return text(world.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw new UserError(`${file}: the list of inputs cannot be read: ${why}`, { cause: error });
  }
}
