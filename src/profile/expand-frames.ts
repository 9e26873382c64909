import type { FrameWords } from './builder.ts';
import { PairInterner, RowInterner } from './columns.ts';
import { FRAME_COLUMNS, frameRow, restacked } from './map-frames.ts';
import { KINDS, type Profile, TIERS } from './profile.ts';

/**
 * The profile with frames replaced by several, or none. No weight is lost.
 * @param replacement of a frame: caller first; undefined = it stays
 */
export function expandFrames(
  profile: Profile,
  replacement: (frame: number) => readonly FrameWords[] | undefined,
): Profile {
  const { frames, stacks } = profile;
  const strings = profile.strings.slice();
  const stringIndex = new Map(strings.map((text, i) => [text, i]));
  const string = (text = ''): number => {
    let index = stringIndex.get(text);
    if (index === undefined) {
      index = strings.push(text) - 1;
      stringIndex.set(text, index);
    }
    return index;
  };
  const rows = new RowInterner(FRAME_COLUMNS);
  const rowOf = ({ name, file, line = 0, column = 0, module, kind = 'unknown', tier = 'none' }: FrameWords) =>
    rows.intern([string(name), string(file), line, column, string(module), KINDS.indexOf(kind), TIERS.indexOf(tier)]);
  const lists: (readonly number[])[] = [];
  for (let i = 0; i < frames.length; i++) {
    lists.push(replacement(i)?.map(rowOf) ?? [rows.intern(frameRow(frames, i))]);
  }
  const interner = new PairInterner();
  const stackMap = new Int32Array(stacks.length);
  for (let stack = 0; stack < stacks.length; stack++) {
    let at = stacks.parent[stack]! < 0 ? -1 : stackMap[stacks.parent[stack]!]!;
    for (const frame of lists[stacks.frame[stack]!]!) at = interner.intern(at, frame);
    stackMap[stack] = at;
  }
  return restacked({ ...profile, strings }, rows, interner, stackMap);
}
