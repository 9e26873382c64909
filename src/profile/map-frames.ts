import { PairInterner, RowInterner } from './columns.ts';
import type { FrameTable, Profile } from './profile.ts';
import { restack, stackTable } from './restack.ts';

/** A frame as its columns: name, file, line, column, module, kind, tier. */
export type FrameRow = [
  name: number,
  file: number,
  line: number,
  column: number,
  module: number,
  kind: number,
  tier: number,
];

/** Columns of a {@link FrameRow}. */
export const FRAME_COLUMNS = 7;

/** The frames that were interned, as the model holds them. */
export function frameTable(rows: RowInterner): FrameTable {
  const [name, file, line, column, module, kind, tier] = rows.columns.map((c) => c.toArray());
  return {
    length: rows.length,
    name: name!,
    file: file!,
    line: line!,
    column: column!,
    module: module!,
    kind: Uint8Array.from(kind!),
    tier: Uint8Array.from(tier!),
  };
}

/** @param frame row of the table */
export function frameRow(frames: FrameTable, frame: number): FrameRow {
  return [
    frames.name[frame]!,
    frames.file[frame]!,
    frames.line[frame]!,
    frames.column[frame]!,
    frames.module[frame]!,
    frames.kind[frame]!,
    frames.tier[frame]!,
  ];
}

/**
 * The profile with other frames and stacks, and all of its samples.
 * @param stackMap of each stack: that which takes its place
 */
export function restacked(profile: Profile, rows: RowInterner, interner: PairInterner, stackMap: Int32Array): Profile {
  const { samples } = profile;
  return {
    ...profile,
    frames: frameTable(rows),
    stacks: stackTable(interner),
    samples: { ...samples, stack: samples.stack.map((leaf) => (leaf < 0 ? -1 : stackMap[leaf]!)) },
  };
}

/**
 * The profile with every frame changed by `change`; frames and stacks that are equal then become one. Samples are kept.
 * @param change may alter the row it is given in place; strings are indexes into the profile's
 */
export function mapFrames(profile: Profile, change: (row: FrameRow, frame: number) => void): Profile {
  const { frames } = profile;
  const rows = new RowInterner(FRAME_COLUMNS);
  const frameMap = new Int32Array(frames.length);
  for (let i = 0; i < frames.length; i++) {
    const row = frameRow(frames, i);
    change(row, i);
    frameMap[i] = rows.intern(row);
  }
  const interner = new PairInterner();
  const stackMap = restack(profile.stacks, frameMap, interner);
  return restacked(profile, rows, interner, stackMap);
}
