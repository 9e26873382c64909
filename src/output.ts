import { once } from 'node:events';
import * as fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EXIT, UserError } from './errors.ts';
import { openDirect, type World } from './world.ts';

// Not `fs/promises`, which brings node's streams and sockets with it: five milliseconds for a file of a few bytes
const open = promisify(fs.open);
const close = promisify(fs.close);
const rename = promisify(fs.rename);
/** @returns bytes written */
const write = (file: number, bytes: Uint8Array, at: number): Promise<number> =>
  new Promise((done, fail) => {
    fs.write(file, bytes, at, (error, written) => (error === null ? done(written) : fail(error)));
  });

/** Where a result goes: `-` is standard output. */
export interface Output {
  /** How messages name it. */
  readonly name: string;
  readonly isStdout: boolean;
  /**
   * Writes all chunks. A file appears whole or not at all: it is written under a temporary name beside the target and
   * renamed; whatever was there before stays until then.
   * @returns bytes written
   * @throws {UserError} 125 when the disk does not take it
   */
  write(chunks: Chunks): Promise<number>;
}

/** In order; bytes may be valid until the next chunk only. */
type Chunks = Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>;

interface OutputChoices {
  /** The option that names the path, for hints. Default: `-o` */
  readonly option?: string;
  /** Who may read and use a new file; what is there already keeps its own. Default: as the umask says */
  readonly mode?: number;
  /** It was checked before, and something was recorded since: a folder that is gone by now is made again. */
  readonly recorded?: boolean;
}

/**
 * Checks that a result can be written to `path`, before anything is recorded.
 * @throws {UserError} 2: the folder is missing or read-only, or the path is a folder
 */
export function openOutput(
  path: string,
  world: World,
  { option = '-o', mode = 0o666, recorded = false }: OutputChoices = {},
): Output {
  if (path === '-') {
    return { name: 'standard output', isStdout: true, write: (chunks) => writeStandard(world, chunks) };
  }
  // Bytes that are not UTF-8 reach us as U+FFFD: the file would get another name than it was given
  if (path.includes('\ufffd')) {
    throw new UserError(`cannot write ${path}: the name is not valid UTF-8`, { hint: `give ${option} another name` });
  }
  const target = followLink(resolve(path));
  const state = stateOf(target);
  if (state?.isDirectory()) {
    throw new UserError(`cannot write ${path}: it is a folder`, { hint: `give ${option} the name of a file` });
  }
  const device = state !== undefined && !state.isFile();
  const folder = dirname(target);
  const there = stateOf(folder);
  if (!device && !there?.isDirectory() && !(recorded && there === undefined)) {
    throw new UserError(`cannot write ${path}: the folder ${dirname(path)} does not exist`, {
      hint: `mkdir -p ${dirname(path)}`,
    });
  }
  const denied = there === undefined ? undefined : accessError(device ? target : folder);
  if (denied !== undefined) {
    throw new UserError(`cannot write ${path}: ${denied === 'EROFS' ? 'read-only file system' : 'permission denied'}`, {
      hint: `choose another place with ${option}`,
    });
  }
  // A device or FIFO (/dev/null) cannot be replaced by a rename.
  return {
    name: path,
    isStdout: false,
    write: (chunks) => (device ? overwrite(target, path, chunks) : replace(target, path, chunks, mode)),
  };
}

function stateOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    return undefined;
  }
}

function followLink(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}

function accessError(path: string): string | undefined {
  try {
    fs.accessSync(path, fs.constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** Text gathers to pieces of this many characters before it is written. */
const PIECE = 1 << 16;

function* pieces(chunks: Iterable<string | Uint8Array>): Iterable<string | Uint8Array> {
  let text = '';
  for (const chunk of chunks) {
    if (typeof chunk === 'string') {
      text += chunk;
      if (text.length < PIECE) continue;
      yield text;
    } else {
      if (text !== '') yield text;
      yield chunk;
    }
    text = '';
  }
  if (text !== '') yield text;
}

async function writeAll(file: number, chunks: Chunks): Promise<number> {
  let size = 0;
  for await (const piece of Symbol.asyncIterator in chunks ? chunks : pieces(chunks)) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    for (let at = 0; at < bytes.length; ) at += await write(file, bytes, at);
    size += bytes.length;
  }
  return size;
}

async function replace(target: string, name: string, chunks: Chunks, mode: number): Promise<number> {
  // Opened with O_EXCL: a name that someone else has taken is refused, never followed.
  const unique = `${process.pid}-${process.hrtime.bigint().toString(36)}`;
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${unique}.tmp`);
  const remove = (): void => fs.rmSync(temporary, { force: true });
  process.once('exit', remove);
  try {
    const file = await openAgain(temporary, (stateOf(target)?.mode ?? mode) & 0o777);
    let size: number;
    try {
      size = await writeAll(file, chunks);
    } finally {
      await close(file);
    }
    await rename(temporary, target);
    return size;
  } catch (error) {
    remove();
    throw writeError(name, error);
  } finally {
    process.removeListener('exit', remove);
  }
}

/** The folder was there before anything was recorded: where the program has deleted it, the result needs it all the same. */
async function openAgain(path: string, mode: number): Promise<number> {
  try {
    return await open(path, 'wx', mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    fs.mkdirSync(dirname(path), { recursive: true });
    return await open(path, 'wx', mode);
  }
}

async function overwrite(target: string, name: string, chunks: Chunks): Promise<number> {
  try {
    const file = await open(target, 'w');
    try {
      return await writeAll(file, chunks);
    } finally {
      await close(file);
    }
  } catch (error) {
    throw writeError(name, error);
  }
}

function writeError(name: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined || error instanceof UserError) return error;
  const words = code === 'ENOSPC' ? 'no space left on the disk' : code === 'EDQUOT' ? 'disk quota exceeded' : code;
  return new UserError(`cannot write ${name}: ${words}`, {
    hint: 'choose another place with -o',
    exitCode: EXIT.cannotCollect,
    cause: error,
  });
}

/** Writes to standard output at its own pace. A reader that went away (`| head`) ends the writing without a word. */
async function writeStandard(world: World, chunks: Chunks): Promise<number> {
  let size = 0;
  let broken: NodeJS.ErrnoException | undefined;
  const fail = (error: NodeJS.ErrnoException): void => {
    broken = error;
  };
  const direct = openDirect(world, 'stdout');
  let stream: NodeJS.WritableStream | undefined;
  try {
    for await (const piece of Symbol.asyncIterator in chunks ? chunks : pieces(chunks)) {
      if (broken !== undefined) break;
      size += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;
      // What is not taken at once waits in the stream, and all that comes behind it
      const left = stream === undefined && direct !== undefined ? direct.write(piece) : piece;
      if (left.length === 0) continue;
      if (stream === undefined) {
        stream = world.stdout;
        stream.on('error', fail);
      }
      // Bytes may be valid until the next piece only
      if (typeof left !== 'string') await new Promise<void>((done) => stream?.write(left, () => done()));
      else if (!stream.write(left)) await drained(stream);
    }
    await new Promise<void>((done) => (stream === undefined ? done() : stream.write('', () => done())));
  } catch (error) {
    broken ??= error as NodeJS.ErrnoException;
  } finally {
    stream?.removeListener('error', fail);
    direct?.close();
  }
  if (broken !== undefined && broken.code !== 'EPIPE') throw writeError('standard output', broken);
  return size;
}

/** Resolves when the stream takes more, or will never again; leaves no listener behind. */
async function drained(stream: NodeJS.WritableStream): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]);
  } finally {
    waiting.abort();
  }
}
