import { Float64Column, Int32Column, PairInterner } from './columns.ts';
import { defaultValueIndex, type Profile, type StackTable } from './profile.ts';
import { stackTable } from './restack.ts';
import { selfWeights, subtreeWeights } from './weights.ts';

/** Stacks on their way to the root. */
class Climbers {
  /** The turned stack that each is of so far, and the stack it has come to. */
  readonly pairs = new PairInterner();
  readonly weight = new Float64Column();

  add(turned: number, stack: number, weight: number): void {
    const row = this.pairs.intern(turned, stack);
    if (row < this.weight.length) this.weight.add(row, weight);
    else this.weight.push(weight);
  }
}

/**
 * The callers' view as `invert` and `callersOf` give it, without the callers of what is too light to be seen: all turned
 * stacks of a large profile are far more than its stacks, since each has all its callers for itself.
 *
 * It goes up one caller at a time with all stacks at once. Those that are of one turned stack and have come to the same
 * caller go on as one, so the further up, the fewer there are.
 * @param weightAt of each stack the weight whose callers are asked for: {@link selfWeights} for all of them,
 *   {@link outermostWeights} for those of a function
 * @param minFraction a turned stack lighter than this part (0 to 1) of all that weight is not followed further
 * @returns a profile of the default value type alone, without threads and times
 */
export function heavyCallers(profile: Profile, weightAt: Float64Array, minFraction: number): Profile {
  const { parent, frame } = profile.stacks;
  const turned = new PairInterner();
  const stack = new Int32Column();
  const values = new Float64Column();
  let climbers = new Climbers();
  let whole = 0;
  for (let at = 0; at < weightAt.length; at++) {
    if (weightAt[at] === 0) continue;
    whole += weightAt[at]!;
    climbers.add(turned.intern(-1, frame[at]!), at, weightAt[at]!);
  }
  const least = minFraction * whole;
  while (climbers.weight.length > 0) {
    const { pairs, weight } = climbers;
    const totals = new Map<number, number>();
    for (let i = 0; i < weight.length; i++) {
      totals.set(pairs.first.at(i), (totals.get(pairs.first.at(i)) ?? 0) + weight.at(i));
    }
    const next = new Climbers();
    for (let i = 0; i < weight.length; i++) {
      const node = pairs.first.at(i);
      const caller = parent[pairs.second.at(i)]!;
      if (caller >= 0 && totals.get(node)! >= least) {
        next.add(turned.intern(node, frame[caller]!), caller, weight.at(i));
      } else {
        stack.push(node);
        values.push(weight.at(i));
      }
    }
    climbers = next;
  }
  return {
    ...profile,
    valueTypes: [profile.valueTypes[defaultValueIndex(profile)]!],
    stacks: stackTable(turned),
    samples: { length: stack.length, stack: stack.toArray(), values: [values.toArray()] },
  };
}

/**
 * Of each stack whose frame matches and that has no match among its callers the weight of itself and all it calls; 0 of
 * the others. Its sum is the weight of the samples with such a frame.
 * @param matches 1 for each frame that matches
 */
export function outermostWeights(profile: Profile, matches: Uint8Array): Float64Array {
  const { stacks } = profile;
  const weights = subtreeWeights(stacks.parent, selfWeights(profile));
  const inside = insideOf(stacks, matches);
  for (let stack = 0; stack < stacks.length; stack++) {
    const above = stacks.parent[stack]!;
    const isOutermost = inside[stack] === 1 && (above < 0 || inside[above] === 0);
    if (!isOutermost) weights[stack] = 0;
  }
  return weights;
}

/** 1 for each stack that has a match, be it far up. */
function insideOf({ length, parent, frame }: StackTable, matches: Uint8Array): Uint8Array {
  const inside = new Uint8Array(length);
  for (let stack = 0; stack < length; stack++) {
    inside[stack] = matches[frame[stack]!]! | (parent[stack]! < 0 ? 0 : inside[parent[stack]!]!);
  }
  return inside;
}
