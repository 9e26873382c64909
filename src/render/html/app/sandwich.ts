import { calleesOfFrames } from '../../../profile/around-function.ts';
import { callTree } from '../../../profile/call-tree.ts';
import { heavyCallers, outermostWeights } from '../../../profile/heavy-callers.ts';
import type { Profile } from '../../../profile/profile.ts';
import type { TopRow } from '../../../profile/top.ts';
import { AroundPanel, type Side } from './around-panel.ts';
import { FlameCanvas } from './flame-canvas.ts';
import type { FlamePicture } from './flame-paint.ts';
import { isHitOf } from './search.ts';
import { LEAST_CALLER, type Store } from './store.ts';
import { amount, Words } from './words.ts';

export interface SandwichEvents {
  hover(words: Words, frame: number, lines: readonly string[], at: MouseEvent): void;
  select(frame: number): void;
  close(): void;
}

/** One function between its callers, which stand above it, and what it calls, below. */
export class Sandwich {
  readonly host: HTMLElement;
  private readonly store: Store;
  private readonly events: SandwichEvents;
  private readonly words: Words;
  private readonly panel: AroundPanel;
  private pictures: { above: FlamePicture; below: FlamePicture } | undefined;

  constructor(store: Store, events: SandwichEvents) {
    this.store = store;
    this.events = events;
    this.words = new Words(store.data.profile);
    this.panel = new AroundPanel('Callers', (label, side) => this.canvas(label, side), events.close);
    this.host = this.panel.host;
  }

  /** Shows a function, whose numbers are those of the store's samples. */
  show(row: TopRow): void {
    const { store } = this;
    const index = store.functions().indexOf(row);
    const matches = Uint8Array.from(store.functionOf(), (own) => (own === index ? 1 : 0));
    const profile = store.profile();
    this.pictures = {
      above: this.picture(heavyCallers(profile, outermostWeights(profile, matches), LEAST_CALLER), false),
      below: this.picture(calleesOfFrames(profile, matches), true),
    };
    this.panel.above.show(this.pictures.above, false);
    this.panel.below.show(this.pictures.below, false);
    const { unit } = store.valueType;
    this.panel.name(row, [
      `total ${amount(row.total, store.total(), unit)}  ·  self ${amount(row.self, store.total(), unit)}`,
    ]);
  }

  /** Paints what is searched for. */
  update(): void {
    if (this.pictures === undefined) return;
    const isHit = isHitOf(this.store.hits());
    const hitsKeepColor = this.store.choice.group >= 0;
    this.panel.above.show({ ...this.pictures.above, isHit, hitsKeepColor }, true);
    this.panel.below.show({ ...this.pictures.below, isHit, hitsKeepColor }, true);
  }

  private picture(profile: Profile, down: boolean): FlamePicture {
    const { fill, summary } = this.store.data;
    return {
      profile,
      tree: callTree(profile),
      fillOf: (frame) => summary.fills[fill[frame]!],
      isHit: isHitOf(this.store.hits()),
      hitsKeepColor: this.store.choice.group >= 0,
      down,
      // The function itself stands once, on top of what it calls.
      skip: down ? 0 : 1,
    };
  }

  private canvas(label: string, side: Side): FlameCanvas {
    const treeOf = () => this.pictures![side].tree;
    return new FlameCanvas(label, {
      hover: (node, at) => {
        if (this.pictures === undefined || node < 0) {
          this.events.hover(this.words, -1, [], at);
          return;
        }
        const { total, frame, weight } = treeOf();
        const { unit } = this.store.valueType;
        this.events.hover(this.words, frame[node]!, [`${amount(total[node]!, weight, unit)} of the function`], at);
      },
      select: (node) => this.events.select(node < 0 ? -1 : treeOf().frame[node]!),
      zoom: () => {},
    });
  }
}
