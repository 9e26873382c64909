import { plural } from '../plural.ts';
import type { Profile } from '../profile/profile.ts';
import { formatPercent, formatValue, groupDigits } from '../profile/units.ts';
import { type FlameLayout, MAX_ROWS } from './flame-layout.ts';

/** What stands below a picture where nobody said it: what was recorded, and what is to be known of that. */
export function defaultNotes({ meta }: Profile): readonly string[] {
  return [...(meta.command ? [meta.command.join(' ')] : []), ...meta.notes];
}

/**
 * What a picture does not show, in words.
 * @param narrow frames that are not in it, and their weight
 * @param unit of the weight
 */
export function leftOut({ tooDeep, tree }: FlameLayout, narrow: FlameLayout['narrow'], unit: string): string[] {
  const notes: string[] = [];
  if (tree.weight === 0) notes.push('no samples');
  if (narrow.frames > 0) {
    const share = formatPercent(narrow.weight, tree.weight);
    notes.push(
      `${groupDigits(narrow.frames)} ${plural(narrow.frames, 'frame')} too narrow to draw (${formatValue(narrow.weight, unit)}, ${share})`,
    );
  }
  if (tooDeep > 0) notes.push(deeper(tooDeep));
  return notes;
}

/** @param frames below the lowest row */
export function deeper(frames: number): string {
  const what = `${groupDigits(frames)} ${plural(frames, 'frame')} deeper than ${groupDigits(MAX_ROWS)} rows`;
  return `${what} ${plural(frames, 'is', 'are')} not drawn`;
}

/** Says in the picture itself that it is all there is: nobody finds below its narrowest frames what was recorded. */
export function notEmbedded({ embed }: { readonly embed?: unknown }): string[] {
  return embed === false ? ['without the profile (--no-embed)'] : [];
}
