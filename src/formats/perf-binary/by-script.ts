import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EXIT, UserError } from '../../errors.ts';
import { findTool } from '../../processes/executables.ts';
import { makePrivateDir, removePrivateDir } from '../../processes/private-dir.ts';
import { streamTool } from '../../processes/run-tool.ts';
import type { Profile } from '../../profile/profile.ts';
import { type DialectReader, FormatError, type Input, type Notes, type ReadChoices } from '../format.ts';
import { streamed } from '../input.ts';
import { perfScript } from '../perf-script.ts';

const FIELDS = 'comm,pid,tid,time,event,period,ip,sym,dso';

/**
 * Reads a perf.data file by way of `perf script`: one stack a sample, lost-sample records included. Inlined frames are
 * looked up by us: perf runs addr2line anew for each, which takes minutes to hours on large programs.
 */
export function readByScript(input: Input, notes: Notes, choices: ReadChoices): Promise<Profile> {
  return withText(input, scriptArgs(choices), (text) => perfScript.read(text, notes, choices));
}

function scriptArgs({ inlined }: ReadChoices): string[] {
  const fields = inlined ? `${FIELDS},symoff` : FIELDS;
  return ['--no-inline', '--show-lost-events', '--max-stack', '1024', '-F', fields];
}

/** Another tool reads what `perf script` prints when nobody asks for more; the pid alone is added, for `--pids`. */
export function dialect(reader: DialectReader): DialectReader {
  return (input, notes, choices) => withText(input, ['-F', '+pid'], (text) => reader(text, notes, choices));
}

/** Runs `perf script` on the input. */
async function withText<Result>(
  input: Input,
  args: readonly string[],
  reader: (text: Input) => Promise<Result>,
): Promise<Result> {
  const perf = findTool('perf');
  if (perf === undefined) {
    throw new UserError(`${input.name} is a perf.data file and perf is not installed to read it`, {
      hint: 'install perf (pforge-prof doctor says how), or make text where it was recorded: perf script -i FILE',
      exitCode: EXIT.cannotCollect,
    });
  }
  if (input.path !== undefined) return convert(perf, input.path, args, input, reader);
  const folder = await makePrivateDir();
  try {
    const file = join(folder, 'perf.data');
    await pipeline(Readable.from(input.chunks()), createWriteStream(file, { mode: 0o600 }));
    return await convert(perf, file, args, input, reader);
  } finally {
    await removePrivateDir(folder);
  }
}

async function convert<Result>(
  perf: string,
  file: string,
  args: readonly string[],
  input: Input,
  reader: (text: Input) => Promise<Result>,
): Promise<Result> {
  const tool = await streamTool(perf, ['script', '--force', ...args, '-i', file]);
  const text: Input = { name: input.name, head: new Uint8Array(), ...streamed(() => tool.stdout) };
  let result: Result;
  try {
    result = await reader(text);
  } catch (error) {
    tool.kill();
    const { stderr } = await tool.ended;
    // perf says best what is wrong with its own file; without a word from it the reader's finding stands.
    throw stderr.trim() === '' ? error : new FormatError(input, '', firstComplaint(stderr));
  }
  const { code, stderr } = await tool.ended;
  if (code !== 0) throw new FormatError(input, '', `perf script failed: ${firstComplaint(stderr)}`);
  return result;
}

function firstComplaint(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !/^(error|warning):$/i.test(line)) ?? 'it ended without a word';
}
