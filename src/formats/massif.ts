import { UserError } from '../errors.ts';
import { DETAILS } from '../profile/heap-history.ts';
import type { Profile } from '../profile/profile.ts';
import type { Claim, Format, Input, Notes, ReadChoices } from './format.ts';
import { heapProfile } from './massif/heap-profile.ts';
import { type MassifFile, readMassif } from './massif/read-massif.ts';
import { decodeText } from './text/lines.ts';

/**
 * Output of valgrind's massif, of `--xtree-memory` with a name that ends in .ms, and of `heaptrack_print -M`. The profile
 * is one snapshot (`ReadChoices.snapshot`; default: the largest one with details), the others are its series.
 */
export const massif: Format = { id: 'massif', title: 'valgrind massif output', hasSnapshots: true, detect, read };

function detect(head: Uint8Array): Claim {
  // Saved on Windows, or sent through a mailer
  const text = decodeText(head).replaceAll('\r\n', '\n');
  if (/^(?:#.*\n|[ \t\r]*\n|desc:.*\n)*cmd:.*\n(?:.*\n)*?time_unit: \w+\n/.test(text)) return 'yes';
  if (/^(?:#.*\n|[ \t\r]*\n)*snapshot=\d+\n(?:#.*\n|[ \t\r]*\n)*time=/.test(text)) return 'yes';
  return /^desc:.*\ncmd: /.test(text) ? 'maybe' : 'no';
}

async function read(input: Input, notes: Notes, choices: ReadChoices = {}): Promise<Profile> {
  const choice = choices.snapshot ?? 'largest';
  const file = await readMassif(input, { tree: choice });
  if (typeof choice === 'number' && file.tree === undefined) throw noDetails(input.name, file, choice);
  return heapProfile(file, choice, notes.list);
}

/** The snapshot that was asked for cannot be drawn. */
export function noDetails(name: string, { history }: MassifFile, asked: number): UserError {
  const { number, detail } = history.snapshots;
  const detailed = [...number].filter((_, row) => DETAILS[detail[row]!] !== 'none');
  const why = number.includes(asked) ? `massif kept no details of snapshot ${asked}` : `there is no snapshot ${asked}`;
  return new UserError(`${why} in ${name}`, {
    hint: detailed.length === 0 ? 'it has no snapshot with details' : `it has details of ${detailed.join(', ')}`,
  });
}
