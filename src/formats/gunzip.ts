import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError } from '../errors.ts';

/** A gzip input may inflate to this much at any ratio; beyond it the ratio is watched. */
export const MAX_INFLATED_BYTES = 1024 ** 3;
/** Text of profilers shrinks 10 to 60 times; what shrinks more than this and is huge was made to harm. */
const MAX_RATIO = 200;

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * Inflates a gzip stream (several members one after the other are one input, as in gzip itself).
 * @param name how messages name the input
 * @param maxBytes more inflated bytes than this, at more than 200:1, are refused
 * @throws {UserError} broken or truncated gzip, or a gzip bomb
 */
export async function* gunzipChunks(
  source: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  let inflated = 0;
  async function* counted() {
    for await (const chunk of source) {
      read += chunk.length;
      yield chunk;
    }
  }
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const piped = pipeline(Readable.from(counted(), { objectMode: false }), gunzip);
  // Its failure also reaches the loop below, which reports it; without a handler it would end the process.
  piped.catch(() => {});
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      inflated += chunk.length;
      if (inflated > maxBytes && inflated > MAX_RATIO * read) {
        throw new UserError(`${name} inflates to more than ${maxBytes} bytes, over ${MAX_RATIO} times its size`, {
          hint: 'gunzip it yourself if you trust it',
        });
      }
      yield chunk;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!code.startsWith('Z_')) throw error;
    const what = code === 'Z_BUF_ERROR' ? 'the gzip data ends too early' : 'the gzip data is broken';
    throw new UserError(`${name}: ${what}`, { hint: 'copy or download the file again', cause: error });
  }
}
