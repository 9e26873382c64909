import { UserError } from '../../errors.ts';
import { InflateGuard } from './inflate-guard.ts';

/** What swells more than this much is inflated bit by bit: kilobytes of it become megabytes that nobody could read meanwhile. */
const SWELLS = 32;
const BIT = 1024;

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

export function isZstd(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte);
}

/**
 * Inflates a zstd stream (RFC 8878; several frames one after the other are one input). Node has zstd of its own only
 * from version 22.15 on.
 * @param name how messages name the input
 * @param maxBytes see {@link InflateGuard}
 * @throws {UserError} broken or truncated zstd, or a bomb
 */
export async function* unzstdChunks(
  source: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  const guard = new InflateGuard(name, maxBytes);
  let ready: Uint8Array[] = [];
  const stream = new Decompress((chunk) => {
    guard.inflated(chunk.length);
    ready.push(chunk);
  });
  const push = (chunk: Uint8Array, last: boolean): Uint8Array[] => {
    try {
      stream.push(chunk, last);
    } catch (error) {
      if (error instanceof UserError) throw error;
      const what = last ? 'the zstd data ends too early' : 'the zstd data is broken';
      throw new UserError(`${name}: ${what}`, { hint: 'copy or download the file again', cause: error });
    }
    const chunks = ready;
    ready = [];
    return chunks;
  };
  // Until it is known how much it swells
  let most = BIT;
  let [pushed, total] = [0, 0];
  for await (const chunk of source) {
    guard.read(chunk.length);
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + most);
      at += piece.length;
      const chunks = push(piece, false);
      const inflated = chunks.reduce((sum, { length }) => sum + length, 0);
      pushed += piece.length;
      total += inflated;
      most = total === 0 || total > SWELLS * pushed ? BIT : Number.POSITIVE_INFINITY;
      yield* chunks;
    }
  }
  yield* push(new Uint8Array(), true);
}
