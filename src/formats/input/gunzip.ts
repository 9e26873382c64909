import { readFileSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { UserError } from '../../errors.ts';
import { InflateGuard, mostInflated } from './inflate-guard.ts';

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * Inflates a gzip stream (several members one after the other are one input, as in gzip itself).
 * @param name how messages name the input
 * @param maxBytes see {@link InflateGuard}
 * @throws {UserError} broken or truncated gzip, or a gzip bomb
 */
export async function* gunzipChunks(
  source: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const guard = new InflateGuard(name, maxBytes);
  async function* counted() {
    for await (const chunk of source) {
      guard.read(chunk.length);
      yield chunk;
    }
  }
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const piped = pipeline(counted(), gunzip);
  // Its failure also reaches the loop below, which reports it; without a handler it would end the process.
  piped.catch(() => {});
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      guard.inflated(chunk.length);
      yield chunk;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!code.startsWith('Z_')) throw error;
    const what = code === 'Z_BUF_ERROR' ? 'the gzip data ends too early' : 'the gzip data is broken';
    throw new UserError(`${name}: ${what}`, { hint: 'copy or download the file again', cause: error });
  }
}

/** Z_SYNC_FLUSH of zlib.h: what stops in the middle is no mistake. */
const SYNC_FLUSH = 2;

/**
 * The first bytes of what a gzip stream holds, without a thread.
 * @param bytes that it begins with
 * @returns undefined where they do not hold so many
 */
export function gunzipHead(bytes: Uint8Array, length: number): Buffer | undefined {
  try {
    const head = gunzipSync(bytes, { finishFlush: SYNC_FLUSH });
    return head.length < length ? undefined : head.subarray(0, length);
  } catch {
    return undefined;
  }
}

/** Larger files are not read at once: what they inflate to seldom fits into one buffer. */
const MOST_COMPRESSED = 256 * 1024 ** 2;
/** Deflate cannot shrink more than this: a length that would need it is a lie. */
export const MAX_DEFLATE_RATIO = 1032;
export const LEAST_CHUNK = 256 * 1024;

/**
 * Inflates a gzip file into one buffer, without a thread and without a copy: gzip's last four bytes say how much room
 * that takes. Where they are wrong (several members), it only takes longer.
 * @param maxBytes see {@link InflateGuard}
 * @param most bytes that the caller can use
 * @returns undefined where that cannot be done; whoever reads {@link gunzipChunks} instead learns what is wrong
 */
export function gunzipFile(path: string, maxBytes: number, most: number): Buffer | undefined {
  try {
    if (statSync(path).size > MOST_COMPRESSED) return undefined;
    const bytes = readFileSync(path);
    const maxOutputLength = Math.min(mostInflated(maxBytes, bytes.length), most);
    // With a byte to spare zlib sees that it is done
    const claimed = bytes.readUInt32LE(bytes.length - 4) + 1;
    const chunkSize = Math.max(LEAST_CHUNK, Math.min(claimed, bytes.length * MAX_DEFLATE_RATIO, maxOutputLength));
    return gunzipSync(bytes, { chunkSize, maxOutputLength });
  } catch {
    return undefined;
  }
}
