import { readSync } from 'node:fs';
import { createGunzip, type Gunzip } from 'node:zlib';
import { LEAST_CHUNK, MAX_DEFLATE_RATIO } from './gunzip.ts';
import { mostInflated } from './inflate-guard.ts';
import { withFile } from './with-file.ts';

/** Compressed bytes at once: large enough that turns of the event loop do not count. */
const PIECE = 512 * 1024;
/** The least gzip file, and where in its end the length stands of what it holds, modulo 2^32. */
const LEAST_BYTES = 18;
const LENGTH_BYTES = 4;

/**
 * Inflates a gzip file into memory of the caller's own; a thread of node's does it, piece by piece.
 * @param maxBytes see {@link InflateGuard}
 * @param place gives memory for so many bytes; undefined = none, and nothing is inflated
 * @param grown called with how many bytes are there by then, while the thread makes further ones
 * @returns whether that is all that the file holds; if not, whoever reads it in another way learns why
 * @throws what `grown` throws
 */
export async function gunzipInto(
  path: string,
  maxBytes: number,
  place: (bytes: number) => Uint8Array | undefined,
  grown: (bytes: number) => void,
): Promise<boolean> {
  return withFile(path, async (file, size) => {
    const length = claimedLength(file, size);
    if (length > Math.min(size * MAX_DEFLATE_RATIO, mostInflated(maxBytes, size))) return false;
    const into = place(length);
    return into !== undefined && (await inflate(file, into, grown));
  });
}

/** What the last bytes of a gzip file say that it holds; of several members, the last one. */
function claimedLength(file: number, size: number): number {
  if (size < LEAST_BYTES) return Number.POSITIVE_INFINITY;
  const last = Buffer.alloc(LENGTH_BYTES);
  readSync(file, last, 0, LENGTH_BYTES, size - LENGTH_BYTES);
  return last.readUInt32LE();
}

async function inflate(file: number, into: Uint8Array, grown: (bytes: number) => void): Promise<boolean> {
  const gunzip = createGunzip({ chunkSize: Math.max(LEAST_CHUNK, into.length) });
  if (into.length >= LEAST_CHUNK) inflateThere(gunzip, into);
  let filled = 0;
  gunzip.on('data', (made: Buffer) => {
    const target = into.subarray(filled, filled + made.length);
    filled += made.length;
    if (target.length < made.length) gunzip.destroy();
    else if (made.buffer !== target.buffer || made.byteOffset !== target.byteOffset) target.set(made);
  });
  const closed = new Promise<void>((done) => gunzip.once('close', done));
  // What it says is `errored` of it, too
  gunzip.once('error', () => {});
  const piece = Buffer.allocUnsafeSlow(PIECE);
  for (;;) {
    const length = readSync(file, piece);
    // It may have closed before: behind what gzip files hold something else may follow
    if (length === 0 || gunzip.closed) break;
    const taken = new Promise<void>((done) => gunzip.write(piece.subarray(0, length), () => done()));
    try {
      grown(filled);
    } finally {
      await Promise.race([taken, closed]);
    }
  }
  gunzip.end();
  await closed;
  return gunzip.errored === null && filled === into.length;
}

/**
 * Has zlib write where its bytes are wanted, instead of into new memory, which costs as much again as to inflate. A node that
 * does not know this place has them copied.
 */
function inflateThere(gunzip: Gunzip, into: Uint8Array): void {
  (gunzip as { _outBuffer?: Buffer })._outBuffer = Buffer.from(into.buffer, into.byteOffset, into.length);
}
