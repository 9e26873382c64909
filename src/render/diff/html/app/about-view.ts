import { visibleText } from '../../../escape.ts';
import { element } from '../../../html/app/dom.ts';
import type { DiffPage } from '../diff-page.ts';

type Facts = DiffPage['facts'];

/** What was compared with what, how, and what is to be known of it. */
export function aboutView({ before, after, facts, notes }: DiffPage): HTMLElement {
  return element(
    'div',
    { class: 'about', tabindex: 0 },
    section('Before', pairs(before.facts)),
    section('After', pairs(after.facts)),
    section('Comparison', pairs(facts)),
    section(
      'Notes',
      notes.length === 0
        ? element('p', { class: 'muted' }, 'Nothing was lost, nothing had to be guessed.')
        : element('ul', { class: 'notes' }, ...notes.map((note) => element('li', {}, visibleText(note)))),
    ),
    section('How to read it', element('ul', { class: 'notes' }, ...READING.map((text) => element('li', {}, text)))),
  );
}

const READING = [
  'Colours tell by how much of the whole a path changed with all that it calls: red grew, blue shrank, grey did not change by more than chance.',
  'Stripes stand over what is on one side alone: + is new, − is gone. Dots stand over what the other side, a drawing, may have cut.',
  'An interval says between what bounds the change lies, as far as the samples tell.',
  'Before, After and Both choose how wide frames are; what is gone is seen in Before and Both.',
  'Keys: 1 to 3 the views, v the widths, / or Ctrl-F search, c callers and callees, arrows and Enter move and zoom, Esc leaves.',
];

function section(title: string, content: HTMLElement): HTMLElement {
  return element('section', {}, element('h2', {}, title), content);
}

function pairs(rows: Facts): HTMLElement {
  return element(
    'dl',
    { class: 'pairs' },
    ...rows.flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, visibleText(text))]),
  );
}
