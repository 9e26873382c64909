import type { Profile, ValueType } from '../../profile/profile.ts';
import type { Notes } from '../format.ts';
import { ownCopy } from '../text/own-copy.ts';
import { CollapsedSamples } from './collapsed-samples.ts';

/** One weight for each distinct text of a stack. */
export class StackWeights {
  private readonly weights = new Map<string, { readonly names: readonly string[]; weight: number }>();
  private replaced = 0;

  /** @param names root first; none = the stack with the empty text */
  add(names: readonly string[], weight: number): void {
    const text = names.join(';');
    const found = this.weights.get(text);
    if (found) found.weight += weight;
    else this.weights.set(text, { names: names.map(ownCopy), weight });
  }

  /** As {@link add}, but an equal stack's weight is lost, as some of inferno's collapsers have it. */
  replace(names: readonly string[], weight: number): void {
    const found = this.weights.get(names.join(';'));
    if (found === undefined) this.add(names, weight);
    else {
      if (found.weight > 0) this.replaced++;
      found.weight = weight;
    }
  }

  /** @param tool inferno's collapser, for the note on what was lost */
  build(notes: Notes, tool: string, type: ValueType): Profile {
    const samples = new CollapsedSamples();
    for (const { names, weight } of this.weights.values()) {
      const [root = '', ...others] = names;
      const frames = others.map((name) => samples.frame(name)).reverse();
      samples.add(samples.frame(root), frames, weight);
    }
    if (this.replaced > 0) notes.add(`as ${tool}: weights replaced by those of an equal stack: ${this.replaced}`);
    return samples.build(notes, tool, type);
  }
}
