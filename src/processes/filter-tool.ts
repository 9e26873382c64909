import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { deathSignalPrefix } from './death-signal.ts';

/** How a tool that turns one text into another ended. */
export interface Filtered {
  /** undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: readonly Uint8Array[];
  readonly stderr: string;
}

/** What a tool says of itself is a few lines; a tool that goes mad fills no memory. */
const MOST_STDERR = 65_536;

/**
 * Gives a tool its standard input, piece by piece, and takes its standard output.
 * @param path absolute
 * @throws {Error} it cannot be started
 */
export async function filterThrough(
  path: string,
  args: readonly string[],
  input: Iterable<string | Uint8Array>,
): Promise<Filtered> {
  const [file, ...rest] = [...deathSignalPrefix('TERM'), path, ...args];
  const child = spawn(file!, rest, { stdio: 'pipe' });
  const stdout: Uint8Array[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < MOST_STDERR) stderr += chunk.toString();
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [[code]] = await Promise.all([closed, feed(child.stdin, input)]);
  return { code: code ?? undefined, stdout, stderr };
}

/**
 * Writes all pieces and ends the stream, or stops at the first that fails: a tool that has read enough, or died,
 * closes its end, and how it ended tells, not this.
 */
export async function feed(stream: Writable, input: Iterable<string | Uint8Array>): Promise<void> {
  // Told by each write too: events of the stream need a turn of the loop, which writes that end at once never give.
  stream.on('error', () => {});
  for (const piece of input) {
    // Bytes may be valid until the next piece only.
    const failed = await new Promise((done) => stream.write(piece, done));
    if (failed) return;
  }
  stream.end();
}
