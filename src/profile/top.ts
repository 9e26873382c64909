import { byCodeUnits } from './by-code-units.ts';
import { RowInterner } from './columns.ts';
import { groupTotals } from './group-totals.ts';
import { KINDS, type Kind, type Profile, TIERS, type Tier } from './profile.ts';
import { selfWeights, subtreeWeights } from './weights.ts';

export interface TopOptions {
  /** Default: the profile's default value type. */
  readonly valueIndex?: number;
  /** At most so many rows. Default: all. */
  readonly limit?: number;
}

/** One function: all frames with the same name, file, line and module. */
export interface TopRow {
  readonly name: string;
  /** '' = unknown. */
  readonly file: string;
  /** 1-based; 0 = unknown. */
  readonly line: number;
  /** '' = unknown. */
  readonly module: string;
  /** Of the function's heaviest frame. */
  readonly kind: Kind;
  /** Of the function's heaviest frame; absent where that is `none`. */
  readonly tier?: Tier;
  /** Weight of the samples in which the function is the leaf. */
  readonly self: number;
  /** Weight of the samples in which the function stands anywhere; a recursive one counts once. */
  readonly total: number;
}

/** The functions by self weight, then total weight, then name, file, line and module. Weightless ones are left out. */
export function top(profile: Profile, options: TopOptions = {}): TopRow[] {
  const stackSelf = selfWeights(profile, options.valueIndex);
  const { functionOf, frameOf } = functions(profile);
  const self = new Float64Array(frameOf.length);
  const frameSelf = new Float64Array(profile.frames.length);
  for (let stack = 0; stack < stackSelf.length; stack++) {
    const frame = profile.stacks.frame[stack]!;
    self[functionOf[frame]!]! += stackSelf[stack]!;
    frameSelf[frame]! += stackSelf[stack]!;
  }
  const stackTotal = subtreeWeights(profile.stacks.parent, stackSelf);
  const total = groupTotals(profile.stacks, functionOf, stackTotal, frameOf.length);
  const heaviest = heaviestFrames(profile, functionOf, frameSelf, stackTotal, frameOf);

  const { strings, frames } = profile;
  const rows: TopRow[] = [];
  for (let row = 0; row < frameOf.length; row++) {
    if (!(total[row]! > 0)) continue;
    const frame = heaviest[row]!;
    const tier = TIERS[frames.tier[frame]!]!;
    rows.push({
      name: strings[frames.name[frame]!]!,
      file: strings[frames.file[frame]!]!,
      line: frames.line[frame]!,
      module: strings[frames.module[frame]!]!,
      kind: KINDS[frames.kind[frame]!]!,
      ...(tier === 'none' ? {} : { tier }),
      self: self[row]!,
      total: total[row]!,
    });
  }
  rows.sort(
    (a, b) =>
      b.self - a.self ||
      b.total - a.total ||
      byCodeUnits(a.name, b.name) ||
      byCodeUnits(a.file, b.file) ||
      a.line - b.line ||
      byCodeUnits(a.module, b.module),
  );
  return options.limit === undefined ? rows : rows.slice(0, options.limit);
}

/** For each frame its function, and for each function its first frame. */
function functions({ frames }: Profile): { functionOf: Int32Array; frameOf: readonly number[] } {
  const rows = new RowInterner(4);
  const functionOf = new Int32Array(frames.length);
  const frameOf: number[] = [];
  for (let i = 0; i < frames.length; i++) {
    const row = rows.intern([frames.name[i]!, frames.file[i]!, frames.line[i]!, frames.module[i]!]);
    functionOf[i] = row;
    if (row === frameOf.length) frameOf.push(i);
  }
  return { functionOf, frameOf };
}

/** Of each function's frames the one with the most self weight, then total weight, then the first kind and tier. */
function heaviestFrames(
  { stacks, frames }: Profile,
  functionOf: Int32Array,
  frameSelf: Float64Array,
  stackTotal: Float64Array,
  frameOf: readonly number[],
): Int32Array {
  const frameTotal = new Float64Array(frames.length);
  for (let stack = 0; stack < stacks.length; stack++) frameTotal[stacks.frame[stack]!]! += stackTotal[stack]!;
  const best = Int32Array.from(frameOf);
  for (let i = 0; i < frames.length; i++) {
    const held = best[functionOf[i]!]!;
    const order =
      frameSelf[held]! - frameSelf[i]! ||
      frameTotal[held]! - frameTotal[i]! ||
      frames.kind[i]! - frames.kind[held]! ||
      frames.tier[i]! - frames.tier[held]!;
    if (order < 0) best[functionOf[i]!] = i;
  }
  return best;
}
