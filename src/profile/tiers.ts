import { PairInterner, RowInterner } from './columns.ts';
import { type Profile, TIERS } from './profile.ts';
import { restack, stackTable } from './restack.ts';

const noTier = TIERS.indexOf('none');

/**
 * One frame for a function whatever tier the JIT compiler ran it in: all tiers become `none`, and frames and stacks
 * that are equal then become one. Samples are kept.
 */
export function mergeTiers(profile: Profile): Profile {
  const { frames, samples } = profile;
  const rows = new RowInterner(7);
  const frameMap = new Int32Array(frames.length);
  for (let i = 0; i < frames.length; i++) {
    frameMap[i] = rows.intern([
      frames.name[i]!,
      frames.file[i]!,
      frames.line[i]!,
      frames.column[i]!,
      frames.module[i]!,
      frames.kind[i]!,
      noTier,
    ]);
  }
  const interner = new PairInterner();
  const stackMap = restack(profile.stacks, frameMap, interner);
  const [name, file, line, column, module, kind, tier] = rows.columns.map((c) => c.toArray());
  return {
    ...profile,
    frames: {
      length: rows.length,
      name: name!,
      file: file!,
      line: line!,
      column: column!,
      module: module!,
      kind: Uint8Array.from(kind!),
      tier: Uint8Array.from(tier!),
    },
    stacks: stackTable(interner),
    samples: { ...samples, stack: samples.stack.map((leaf) => (leaf < 0 ? -1 : stackMap[leaf]!)) },
  };
}
