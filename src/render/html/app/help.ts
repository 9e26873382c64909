import { button, element } from './dom.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['1 … 5', 'the views'],
  ['/  or  Ctrl-F', 'search: small letters match both cases; /a|b/ is a regular expression'],
  ['Esc', 'leave the search, then the zoom'],
  ['c', 'callers and callees of what is chosen'],
  ['Arrows, Enter', 'flame graph: move, zoom; table: move'],
  ['← →  + −  0', 'timeline: move, zoom, everything'],
  ['Wheel, drag', 'timeline: zoom, move; with Shift the wheel scrolls; a double click zooms to a frame'],
  ['Legend', 'a click singles a kind out'],
  ['Back', 'the browser’s own key goes back to the zoom and the view before'],
];

/** The keys, in a dialog. */
export function helpDialog(): HTMLDialogElement {
  const dialog = element(
    'dialog',
    { 'aria-label': 'Keys and hints' },
    element('h2', {}, 'Keys and hints'),
    element(
      'dl',
      { class: 'pairs' },
      ...KEYS.flatMap(([key, text]) => [element('dt', {}, key), element('dd', {}, text)]),
    ),
    button({ class: 'push' }, 'Close', () => dialog.close()),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
