import type { FrameTable, Profile } from './profile.ts';

/** What stands between the stack of a sleeper and those of its wakers. */
const SEPARATOR = '--';

/**
 * Names that stand beyond a frame `--` get the suffix `_[w]`, as flamegraph.pl does for `--colors chain`, so that wakers
 * can be told from who slept. No weight is lost.
 */
export function markWakers(profile: Profile): Profile {
  const { stacks, frames } = profile;
  const strings = profile.strings.slice();
  const separator = strings.indexOf(SEPARATOR);
  if (separator < 0) return profile;
  const copies = new Map<number, number>();
  const originals: number[] = [];
  const isBeyond = new Uint8Array(stacks.length);
  const frame = stacks.frame.slice();
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]!;
    const own = stacks.frame[stack]!;
    const isSeparator = frames.name[own] === separator;
    const callerIsBeyond = caller >= 0 && isBeyond[caller] === 1;
    isBeyond[stack] = callerIsBeyond || isSeparator ? 1 : 0;
    if (!callerIsBeyond || isSeparator) continue;
    let copy = copies.get(own);
    if (copy === undefined) {
      copy = frames.length + originals.push(own) - 1;
      copies.set(own, copy);
    }
    frame[stack] = copy;
  }
  const name = originals.map((own) => strings.push(`${strings[frames.name[own]!]!}_[w]`) - 1);
  return { ...profile, strings, frames: appended(frames, originals, name), stacks: { ...stacks, frame } };
}

/** A table with copies of some of its frames behind it, under other names. */
function appended(frames: FrameTable, originals: readonly number[], names: readonly number[]): FrameTable {
  const int = (column: Int32Array) => Int32Array.from([...column, ...originals.map((own) => column[own]!)]);
  const byte = (column: Uint8Array) => Uint8Array.from([...column, ...originals.map((own) => column[own]!)]);
  return {
    length: frames.length + originals.length,
    name: Int32Array.from([...frames.name, ...names]),
    file: int(frames.file),
    line: int(frames.line),
    column: int(frames.column),
    module: int(frames.module),
    kind: byte(frames.kind),
    tier: byte(frames.tier),
  };
}
