import { UserError } from '../../errors.ts';
import type { Input } from '../format.ts';

/** Places in it must be 32 bit integers. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * All bytes of an input one behind the other, without holding them twice at the end.
 * @throws {UserError} 2 GiB and more
 */
export async function contiguousBytes(input: Input): Promise<Buffer> {
  const whole = input.whole?.(MOST_BYTES);
  if (whole !== undefined) return whole;
  // What is not touched costs nothing, so there is room for more than is likely to come
  let bytes = Buffer.allocUnsafeSlow(1 << 20);
  let filled = 0;
  await input.readInto(
    () => bytes.subarray(filled),
    (length) => {
      filled += length;
      if (filled < bytes.length) return;
      if (filled === MOST_BYTES) throw new UserError(`${input.name} is too big to be read at once`);
      const longer = Buffer.allocUnsafeSlow(Math.min(MOST_BYTES, filled * 4));
      bytes.copy(longer);
      bytes = longer;
    },
  );
  return bytes.subarray(0, filled);
}
