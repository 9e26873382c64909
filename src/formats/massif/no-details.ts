import { UserError } from '../../errors.ts';
import { DETAILS } from '../../profile/heap-history.ts';
import type { MassifFile } from './read-massif.ts';

/** The snapshot that was asked for cannot be drawn. */
export function noDetails(name: string, { history }: MassifFile, asked: number): UserError {
  const { number, detail } = history.snapshots;
  const detailed = [...number].filter((_, row) => DETAILS[detail[row]!] !== 'none');
  const why = number.includes(asked) ? `massif kept no details of snapshot ${asked}` : `there is no snapshot ${asked}`;
  return new UserError(`${why} in ${name}`, {
    hint: detailed.length === 0 ? 'it has no snapshot with details' : `it has details of ${detailed.join(', ')}`,
  });
}
