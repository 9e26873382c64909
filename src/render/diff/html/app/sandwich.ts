import { calleesOfFrames, callersOfFrames } from '../../../../profile/around-function.ts';
import { VERDICTS } from '../../../../profile/diff/comparison.ts';
import type { Profile } from '../../../../profile/profile.ts';
import { visibleText } from '../../../escape.ts';
import { nameOf, placeOf } from '../../../frame-words.ts';
import { button, element, named } from '../../../html/app/dom.ts';
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

interface Side {
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
  private readonly head = element('div', { class: 'sandwich-head' });
  private readonly above: FlameCanvas;
  private readonly below: FlameCanvas;
  private sides: { readonly above: Side; readonly below: Side } | undefined;

  constructor(store: DiffStore, events: DiffSandwichEvents) {
    this.store = store;
    this.events = events;
    this.above = this.canvas('Callers of the function', 'above');
    this.below = this.canvas('What the function calls', 'below');
    this.host = element(
      'section',
      { class: 'sandwich', 'aria-label': 'Callers and callees' },
      this.head,
      element('div', { class: 'side-title' }, 'Callers, by how much of it they changed'),
      this.above.host,
      element('div', { class: 'side-title' }, 'The function and what it calls'),
      this.below.host,
    );
  }

  show(row: FunctionRow): void {
    const { store } = this;
    const matches = store.framesOf(row);
    this.sides = {
      above: this.side(callersOfFrames(store.data.profile, matches)),
      below: this.side(calleesOfFrames(store.data.profile, matches)),
    };
    this.update(false);
    const lines = linesOf(row, store.numbers, store.data.page.threshold);
    this.head.replaceChildren(
      element(
        'div',
        { class: 'sandwich-title' },
        named('div', 'name', nameOf(row)),
        button({ class: 'push', title: 'Copy the name' }, 'Copy', () => {
          void navigator.clipboard?.writeText(visibleText(nameOf(row))).catch(() => {});
        }),
        button({ class: 'push', 'aria-label': 'Close callers and callees' }, '✕', () => this.events.close()),
      ),
      named('div', 'muted place', placeOf(row)),
      ...lines.map((line) => element('div', {}, line)),
    );
  }

  /** @param sameNodes only colours or widths have changed */
  update(sameNodes: boolean): void {
    if (this.sides === undefined) return;
    this.above.show(this.picture(this.sides.above, false), sameNodes);
    this.below.show(this.picture(this.sides.below, true), sameNodes);
  }

  private side(profile: Profile): Side {
    return { profile, tree: diffTree({ profile, scale: this.store.data.page.ratio }) };
  }

  private picture({ tree, profile }: Side, down: boolean): FlamePicture {
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

  private canvas(label: string, side: 'above' | 'below'): FlameCanvas {
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
