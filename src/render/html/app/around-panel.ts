import { nameOf, placeOf } from '../../frame-words.ts';
import { button, copyButton, element, named } from './dom.ts';
import type { FlameCanvas } from './flame-canvas.ts';

/** What the head says of a function. */
type Named = Parameters<typeof nameOf>[0] & Parameters<typeof placeOf>[0];

/** The canvas of callers, and that of the function and what it calls. */
export type Side = 'above' | 'below';

/** Where a function stands between its callers, above it, and what it calls, below. */
export class AroundPanel {
  readonly host: HTMLElement;
  readonly above: FlameCanvas;
  readonly below: FlameCanvas;
  private readonly head = element('div', { class: 'sandwich-head' });
  private readonly close: () => void;

  /**
   * @param callersTitle stands over the callers
   * @param canvas makes the canvas of a side
   */
  constructor(callersTitle: string, canvas: (label: string, side: Side) => FlameCanvas, close: () => void) {
    this.close = close;
    this.above = canvas('Callers of the function', 'above');
    this.below = canvas('What the function calls', 'below');
    this.host = element(
      'section',
      { class: 'sandwich', 'aria-label': 'Callers and callees' },
      this.head,
      element('div', { class: 'side-title' }, callersTitle),
      this.above.host,
      element('div', { class: 'side-title' }, 'The function and what it calls'),
      this.below.host,
    );
  }

  /** @param lines its numbers */
  name(row: Named, lines: readonly string[]): void {
    this.head.replaceChildren(
      element(
        'div',
        { class: 'sandwich-title' },
        named('div', 'name', nameOf(row)),
        copyButton('Copy', nameOf(row)),
        button({ class: 'push', 'aria-label': 'Close callers and callees' }, '✕', this.close),
      ),
      named('div', 'muted place', placeOf(row)),
      ...lines.map((line) => element('div', {}, line)),
    );
  }
}
