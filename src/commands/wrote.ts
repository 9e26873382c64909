import type { Output } from '../output.ts';
import { plural } from '../plural.ts';

/**
 * What the person is told of a file once it is there.
 * @param bytes that were written
 * @param samples in it, where it holds a profile
 */
export function wrote({ name }: Pick<Output, 'name'>, bytes: number, samples?: number): string {
  const held = samples === undefined ? '' : `, ${samples} ${plural(samples, 'sample')}`;
  return `wrote ${name} (${Math.ceil(bytes / 1024)} KiB${held})`;
}
