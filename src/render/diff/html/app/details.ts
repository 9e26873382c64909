import { visibleText } from '../../../escape.ts';
import { nameOf } from '../../../frame-words.ts';
import { button, copyButton, element, named } from '../../../html/app/dom.ts';
import { linesOf, type Said } from './said.ts';
import type { DiffStore, FunctionRow } from './store.ts';

/** The line at the bottom: what was chosen last in the flame graph, and where to go from there. */
export class DiffDetails {
  readonly host = element('footer', { 'aria-live': 'polite' });
  private readonly store: DiffStore;
  private readonly lookAt: (row: FunctionRow) => void;
  private row: FunctionRow | undefined;

  constructor(store: DiffStore, lookAt: (row: FunctionRow) => void) {
    this.store = store;
    this.lookAt = lookAt;
    this.show(-1, undefined);
  }

  /** The function of what is shown. */
  get shown(): FunctionRow | undefined {
    return this.row;
  }

  /** @param said undefined = nothing is chosen */
  show(frame: number, said: Said | undefined): void {
    const { store } = this;
    const row = store.functionOf(frame);
    this.row = said === undefined ? undefined : row;
    if (said === undefined || row === undefined) {
      const notes = store.data.page.notes.map(visibleText).join('  ·  ');
      this.host.replaceChildren(
        notes === ''
          ? element('span', { class: 'muted' }, 'Click a frame to zoom, / to search, v for other widths')
          : named('span', 'muted clip', notes),
      );
      return;
    }
    this.host.replaceChildren(
      named('span', 'name clip', nameOf(row)),
      element('span', { class: 'grow' }),
      element('span', { class: 'numbers' }, linesOf(said, store.numbers, store.data.page.threshold).join('  ·  ')),
      button({ class: 'push', title: 'Callers and callees (key c)' }, 'Callers & callees', () => this.lookAt(row)),
      copyButton('Copy name', nameOf(row)),
    );
  }
}
