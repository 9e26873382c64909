import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError } from '../errors.ts';
import { InflateGuard } from './inflate-guard.ts';

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
  const piped = pipeline(Readable.from(counted(), { objectMode: false }), gunzip);
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
