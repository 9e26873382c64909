import { RowInterner } from '../../profile/columns.ts';
import { mapFrames } from '../../profile/map-frames.ts';
import type { Profile } from '../../profile/profile.ts';

/**
 * One frame for those that differ in module, kind or tier only, and one stack for those that then are equal: in a format
 * that has no place for these, several would be functions that nobody can tell apart. Samples are kept.
 */
export function byNameAndPlace(profile: Profile): Profile {
  const { length, name, file, line, column } = profile.frames;
  const rows = new RowInterner(4);
  for (let i = 0; i < length; i++) rows.intern([name[i]!, file[i]!, line[i]!, column[i]!]);
  if (rows.length === length) return profile;
  return mapFrames(profile, (row) => {
    row.fill(0, 4);
  });
}
