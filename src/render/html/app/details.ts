import { visibleText } from '../../escape.ts';
import { nameOf, placeOf } from '../../frame-words.ts';
import { KIND_TITLES } from '../../kind-titles.ts';
import { button, copyButton, element, named } from './dom.ts';
import type { Store } from './store.ts';
import { amount } from './words.ts';

export interface DetailsEvents {
  callers(frame: number): void;
  source(file: string, line: number): void;
  hasSource(file: string): boolean;
}

/** The line at the bottom: what was chosen last, and where to go from there. */
export class Details {
  readonly host = element('footer', { 'aria-live': 'polite' });
  private readonly store: Store;
  private readonly events: DetailsEvents;
  private frame = -1;

  constructor(store: Store, events: DetailsEvents) {
    this.store = store;
    this.events = events;
  }

  /** @param frame -1 = nothing is chosen */
  show(frame: number): void {
    this.frame = frame;
    this.update();
  }

  get shown(): number {
    return this.frame;
  }

  update(): void {
    const { store, frame } = this;
    const row = frame < 0 ? undefined : store.functions()[store.functionOf()[frame]!];
    if (row === undefined) {
      const notes = store.data.summary.notes.map(visibleText).join('  ·  ');
      this.host.replaceChildren(
        notes === ''
          ? element('span', { class: 'muted' }, 'Click a frame to zoom, / to search, ? for all keys')
          : named('span', 'muted clip', notes),
      );
      return;
    }
    const { unit } = store.valueType;
    const actions = [
      button({ class: 'push', title: 'Callers and callees (key c)' }, 'Callers & callees', () =>
        this.events.callers(frame),
      ),
    ];
    if (this.events.hasSource(row.file)) {
      actions.push(button({ class: 'push' }, 'Source', () => this.events.source(row.file, row.line)));
    }
    actions.push(copyButton('Copy name', nameOf(row)));
    this.host.replaceChildren(
      named('span', 'name clip', nameOf(row)),
      named('span', 'place clip muted', placeOf(row)),
      element('span', { class: 'grow' }),
      element(
        'span',
        { class: 'numbers' },
        `function in all: total ${amount(row.total, store.total(), unit)}  ·  self ${amount(row.self, store.total(), unit)}  ·  ${KIND_TITLES[row.kind]}`,
      ),
      ...actions,
    );
  }
}
