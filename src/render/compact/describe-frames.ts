import type { FrameColumns } from '../../embedded/data-block.ts';
import { frameLabel } from '../../profile/frame-label.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Palette } from '../colors.ts';
import { mergeShades, type Shade } from './shades.ts';

/** The functions of the picture as columns of its own, and the colours that they have. @param chosen rows of the profile's frame table */
export function describeFrames(
  profile: Profile,
  chosen: Int32Array,
  palette: Palette,
): { readonly shades: readonly Shade[]; readonly frames: FrameColumns; readonly strings: readonly string[] } {
  const groups: string[] = [];
  const fills: string[] = [];
  for (const row of chosen) {
    const group = palette.groupOf(profile, row);
    groups.push(group);
    fills.push(palette.fill(group, frameLabel(profile, row)));
  }
  const { shades, of } = mergeShades(groups, fills);
  return { shades, ...frameColumns(profile, chosen, of) };
}

/** Functions as columns of a picture's own. @param shade of each of them, one of the picture's colours */
export function frameColumns(
  profile: Profile,
  chosen: Int32Array,
  shade: Int32Array,
): { readonly frames: FrameColumns; readonly strings: readonly string[] } {
  const table = profile.frames;
  const strings: string[] = [''];
  const known = new Map<number, number>([[0, 0]]);
  const textOf = (text: number): number => {
    let place = known.get(text);
    if (place === undefined) {
      place = strings.length;
      known.set(text, place);
      strings.push(profile.strings[text]!);
    }
    return place;
  };
  const pick = (column: Int32Array | Uint8Array): Int32Array => Int32Array.from(chosen, (row) => column[row]!);
  return {
    strings,
    frames: {
      length: chosen.length,
      name: pick(table.name).map(textOf),
      file: pick(table.file).map(textOf),
      line: pick(table.line),
      column: pick(table.column),
      module: pick(table.module).map(textOf),
      kind: pick(table.kind),
      tier: pick(table.tier),
      shade,
    },
  };
}
