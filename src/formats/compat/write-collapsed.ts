import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { decimal } from '../text/decimal.ts';
import { bytesOfText } from './byte-text.ts';

/** Bytes that are given out at once, unless one line is longer. */
const PIECE = 1 << 17;

/**
 * Folded text as stackcollapse-perf.pl and inferno write it: names as they are, one line a distinct text of frames, in
 * the order of its bytes; a stack that weighs nothing has its line too. Samples without a stack are `[unknown]`.
 */
export function* writeCollapsed(profile: Profile): Iterable<Uint8Array> {
  const totals = totalOfText(profile);
  let piece = '';
  for (const text of [...totals.keys()].sort()) {
    piece += `${text} ${decimal(totals.get(text)!)}\n`;
    if (piece.length < PIECE) continue;
    yield Buffer.from(piece, 'latin1');
    piece = '';
  }
  if (piece !== '') yield Buffer.from(piece, 'latin1');
}

/** The weight of each distinct text of a stack, one character a byte. */
function totalOfText(profile: Profile): Map<string, number> {
  const { samples, stacks, frames, strings } = profile;
  const values = samples.values[defaultValueIndex(profile)]!;
  const weight = new Float64Array(stacks.length + 1);
  const used = new Uint8Array(stacks.length + 1);
  for (let i = 0; i < samples.length; i++) {
    weight[samples.stack[i]! + 1]! += values[i]!;
    used[samples.stack[i]! + 1] = 1;
  }
  const labels = strings.map(bytesOfText);
  const totals = new Map<string, number>();
  if (used[0] === 1) totals.set('[unknown]', weight[0]!);
  const path: string[] = [];
  for (let leaf = 0; leaf < stacks.length; leaf++) {
    if (used[leaf + 1] === 0) continue;
    path.length = 0;
    for (let at = leaf; at >= 0; at = stacks.parent[at]!) path.push(labels[frames.name[stacks.frame[at]!]!]!);
    const text = path.reverse().join(';');
    totals.set(text, (totals.get(text) ?? 0) + weight[leaf + 1]!);
  }
  return totals;
}
