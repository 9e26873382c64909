import { calleesOfFrames, callersOfFrames } from '../../../../profile/around-function.ts';
import { VERDICTS } from '../../../../profile/diff/comparison.ts';
import type { Profile } from '../../../../profile/profile.ts';
import { AroundPanel, type Side } from '../../../html/app/around-panel.ts';
import { FlameCanvas } from '../../../html/app/flame-canvas.ts';
import type { FlamePicture } from '../../../html/app/flame-paint.ts';
import { isHitOf } from '../../../html/app/search.ts';
import { type DiffTree, diffTree } from '../../diff-tree.ts';
import { looksOf } from './looks.ts';
import { linesOf } from './said.ts';
import { type DiffStore, type FunctionRow, treeOfView } from './store.ts';

export interface DiffSandwichEvents {
  hover(frame: number, lines: readonly string[], at: MouseEvent): void;
  close(): void;
}

interface Summed {
  readonly tree: DiffTree;
  readonly profile: Profile;
}

const UNTESTED = VERDICTS.indexOf('untested');

/**
 * One function between its callers, which stand above it, and what it calls, below; each with how much of it changed.
 * Nothing was tested of these sums: colours are those of what was not.
 */
export class DiffSandwich {
  readonly host: HTMLElement;
  private readonly store: DiffStore;
  private readonly events: DiffSandwichEvents;
  private readonly panel: AroundPanel;
  private sides: { readonly above: Summed; readonly below: Summed } | undefined;

  constructor(store: DiffStore, events: DiffSandwichEvents) {
    this.store = store;
    this.events = events;
    this.panel = new AroundPanel(
      'Callers, by how much of it they changed',
      (label, side) => this.canvas(label, side),
      events.close,
    );
    this.host = this.panel.host;
  }

  show(row: FunctionRow): void {
    const { store } = this;
    const matches = store.framesOf(row);
    this.sides = {
      above: this.summed(callersOfFrames(store.data.profile, matches)),
      below: this.summed(calleesOfFrames(store.data.profile, matches)),
    };
    this.update(false);
    const lines = linesOf(row, store.numbers, store.data.page.threshold);
    this.panel.name(row, lines);
  }

  /** @param sameNodes only colours or widths have changed */
  update(sameNodes: boolean): void {
    if (this.sides === undefined) return;
    this.panel.above.show(this.picture(this.sides.above, false), sameNodes);
    this.panel.below.show(this.picture(this.sides.below, true), sameNodes);
  }

  private summed(profile: Profile): Summed {
    return { profile, tree: diffTree({ profile, scale: this.store.data.page.ratio }) };
  }

  private picture({ tree, profile }: Summed, down: boolean): FlamePicture {
    const { store } = this;
    return {
      profile,
      tree: treeOfView(tree, store.choice.widths),
      ...looksOf(tree, store.numbers, () => UNTESTED, store.data.page.negate),
      isHit: isHitOf(store.hits()),
      hitsKeepColor: true,
      down,
      // The function itself stands once, on top of what it calls
      skip: down ? 0 : 1,
    };
  }

  private canvas(label: string, side: Side): FlameCanvas {
    return new FlameCanvas(label, {
      hover: (node, at) => {
        if (this.sides === undefined || node < 0) {
          this.events.hover(-1, [], at);
          return;
        }
        const { tree } = this.sides[side];
        const said = {
          before: tree.before.total[node]!,
          after: tree.after.total[node]!,
          selfBefore: tree.before.self[node]!,
          selfAfter: tree.after.self[node]!,
          low: Number.NaN,
          high: Number.NaN,
          verdict: undefined,
        };
        // What a caller is itself is the function's own weight
        const lines = linesOf(said, this.store.numbers, this.store.data.page.threshold);
        this.events.hover(tree.frame[node]!, side === 'above' ? lines.slice(0, -1) : lines, at);
      },
      select: () => {},
      zoom: () => {},
    });
  }
}
