import { constants as bufferConstants } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { cannotRead, readError, UserError } from '../errors.ts';
import type { Input } from './format.ts';
import { gunzipChunks, gunzipFile, gunzipHead, isGzip } from './input/gunzip.ts';
import { MAX_INFLATED_BYTES } from './input/inflate-guard.ts';
import { readAhead, readFileInto } from './input/read-ahead.ts';
import { type Pieces, standardInputPieces } from './input/standard-input.ts';
import { isZstd, unzstdChunks } from './input/unzstd.ts';

/** How much of an input `detect` sees. */
const HEAD_BYTES = 4096;
const CHUNK_BYTES = 256 * 1024;
/** Smaller files are read before a second thread has begun. */
const WORTH_READING_AHEAD = 8 << 20;

export interface OpenInputOptions {
  /** Read for `-`. Default: `process.stdin`. */
  readonly stdin?: NodeJS.ReadableStream;
  /** Size above which a highly compressed input is refused. Default: {@link MAX_INFLATED_BYTES}. */
  readonly maxBytes?: number;
}

/**
 * Opens a file or standard input, inflates it where it starts with the magic of gzip or zstd, and peeks at the first 4 KiB.
 *
 * Only standard input may make us wait: a named pipe or a device is refused. `/dev/fd/N` and `/proc/self/fd/N` are
 * pipes that the shell has already opened for us (`<(command)`), so they are read like standard input.
 *
 * @param path a file, or `-` for standard input
 * @throws {UserError} missing, a folder, not readable, a pipe or device, empty, or a compressed stream that is broken
 */
export async function openInput(path: string | '-', options: OpenInputOptions = {}): Promise<Input> {
  const maxBytes = options.maxBytes ?? MAX_INFLATED_BYTES;
  if (path === '-') {
    const stdin = options.stdin ?? process.stdin;
    const pieces = stdin === process.stdin ? await standardInputPieces() : undefined;
    const bytes = pieces ? copies(pieces) : bytesOf(stdin as AsyncIterable<Uint8Array | string>);
    return startInput('standard input', undefined, { ...once(bytes), ...(pieces ? { pieces } : {}) }, maxBytes);
  }
  const status = statusOf(path);
  const passedByShell = status.isFIFO() && /^\/(?:dev|proc\/self)\/(?:fd\/\d+|stdin)$/.test(path);
  if (status.isDirectory()) throw cannotRead(path, 'it is a directory', 'name a file in it');
  if (!status.isFile() && !passedByShell) {
    const what = status.isFIFO() ? 'a named pipe' : status.isSocket() ? 'a socket' : 'a device';
    throw cannotRead(path, `it is ${what}`, 'pass `-` and redirect it to standard input');
  }
  if (!status.isFile()) return startInput(path, undefined, once(pipeChunks(path)), maxBytes);
  return startInput(path, resolve(path), { start: () => fileChunks(path), again: true }, maxBytes);
}

/**
 * An input that is already in memory; never decompressed.
 * @param chunkSize bytes a chunk; default: all at once
 */
export function inputOf(bytes: Uint8Array | string, name: string, chunkSize?: number): Input {
  const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const size = chunkSize ?? Math.max(1, data.length);
  return {
    name,
    head: data.subarray(0, HEAD_BYTES),
    ...streamed(async function* () {
      for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
    }),
  };
}

/**
 * All bytes of an input in one buffer.
 * @throws {UserError} more bytes than one buffer can hold
 */
export async function readBytes(input: Input): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input.chunks()) {
    length += chunk.length;
    if (length > bufferConstants.MAX_LENGTH) throw new UserError(`${input.name} is too big to be read at once`);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
}

/** Where bytes come from. `again`: it can be started anew, so peeking leaves no file open. */
interface Source {
  readonly start: () => AsyncIterable<Uint8Array>;
  readonly again: boolean;
  /** What `start` gives copies of. */
  readonly pieces?: Pieces;
}

async function startInput(name: string, path: string | undefined, raw: Source, maxBytes: number): Promise<Input> {
  const plain = await peek(raw);
  if (plain.head.length === 0) throw new UserError(`${name} is empty`);
  const inflate = isGzip(plain.head) ? gunzipChunks : isZstd(plain.head) ? unzstdChunks : undefined;
  if (inflate === undefined) {
    const streams = streamed(plain.source.start);
    if (plain.into !== undefined) return { name, head: plain.head, ...streams, readInto: plain.into };
    if (path === undefined) return { name, head: plain.head, ...streams };
    const readInto: ReadInto = (room, take, ahead = true) => readFileInPieces(path, name, room, take, ahead);
    const wholeInto: Input['wholeInto'] = (place, grown) => readFileInto(path, place, grown);
    return { name, head: plain.head, ...streams, path, readInto, wholeInto };
  }
  const { start, again } = plain.source;
  const inflated: Source = { start: () => inflate(start(), name, maxBytes), again };
  const early = again && inflate === gunzipChunks ? gunzipHead(plain.head, HEAD_BYTES) : undefined;
  const { head, source } = early ? { head: early, source: inflated } : await peek(inflated);
  if (head.length === 0) throw new UserError(`${name} is empty`, { hint: 'it is a compressed file of nothing' });
  const streams = streamed(source.start);
  if (path === undefined || inflate !== gunzipChunks) return { name, head, ...streams };
  const whole: Input['whole'] = (most) => gunzipFile(path, maxBytes, most);
  const wholeInto: Input['wholeInto'] = async (place, grown) => {
    const { gunzipInto } = await import('./input/gunzip-into.ts');
    return gunzipInto(path, maxBytes, place, grown);
  };
  return { name, head, ...streams, whole, wholeInto };
}

/** Both ways to read a stream of bytes. */
export function streamed(chunks: () => AsyncIterable<Uint8Array>): Pick<Input, 'chunks' | 'readInto'> {
  return {
    chunks,
    async readInto(room, take) {
      for await (const chunk of chunks()) put(chunk, room, take);
    },
  };
}

type ReadInto = Input['readInto'];

function put(chunk: Uint8Array, room: () => Uint8Array, take: (length: number) => void): void {
  for (let taken = 0; taken < chunk.length; ) {
    const target = room();
    const part = chunk.subarray(taken, taken + target.length);
    target.set(part);
    taken += part.length;
    take(part.length);
  }
}

/** Without a thread of its own and without a buffer in between. */
async function readFileInPieces(
  path: string,
  name: string,
  room: () => Uint8Array,
  take: (length: number) => void,
  ahead: boolean,
): Promise<void> {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    if (ahead && fstatSync(file).size >= WORTH_READING_AHEAD) {
      return await readAhead(file, (piece) => put(piece, room, take));
    }
    for (;;) {
      const length = readSync(file, room());
      if (length === 0) return;
      take(length);
    }
  } catch (error) {
    throw readError(name, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Reads the head; `source` gives it again, followed by the rest, and so does `into`, which copies nothing twice. */
async function peek({ start, again, pieces }: Source): Promise<{ head: Uint8Array; source: Source; into?: ReadInto }> {
  const iterator = start()[Symbol.asyncIterator]();
  const early: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  while (length < HEAD_BYTES && !ended) {
    const step = await iterator.next();
    if (step.done) ended = true;
    else {
      early.push(step.value);
      length += step.value.length;
    }
  }
  const head = Buffer.concat(early, length).subarray(0, HEAD_BYTES);
  if (again) {
    await iterator.return?.();
    return { head, source: { start, again } };
  }
  async function* fromTheStart(): AsyncGenerator<Uint8Array> {
    yield* early.splice(0);
    if (!ended) yield* { [Symbol.asyncIterator]: () => iterator };
  }
  const source = { start: fromTheStart, again };
  if (pieces === undefined) return { head, source };
  const into: ReadInto = async (room, take) => {
    for (const chunk of early.splice(0)) put(chunk, room, take);
    await pieces.each((piece) => {
      put(piece, room, take);
      return true;
    });
  };
  return { head, source, into };
}

function once(iterable: AsyncIterable<Uint8Array>): Source {
  return { start: () => iterable, again: false };
}

async function* copies(pieces: Pieces): AsyncGenerator<Uint8Array> {
  for (;;) {
    let copy: Uint8Array | undefined;
    const ended = await pieces.each((piece) => {
      copy = Buffer.from(piece);
      return false;
    });
    if (copy !== undefined) yield copy;
    if (ended) return;
  }
}

/** A stream may have an encoding set (a terminal, a test): its strings are bytes again here. */
async function* bytesOf(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    for (;;) {
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      const length = readSync(file, buffer);
      if (length === 0) return;
      yield buffer.subarray(0, length);
      // A signal, say, is heard in between
      await new Promise((turn) => setImmediate(turn));
    }
  } catch (error) {
    throw readError(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Where bytes may come late. */
async function* pipeChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw readError(path, error);
  });
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw readError(path, error);
  } finally {
    await file.close();
  }
}

function statusOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw readError(path, error);
  }
}
