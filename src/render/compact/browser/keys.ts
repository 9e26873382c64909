import { firstFrom, rowCount, rowOf } from '../../../embedded/flame-rows.ts';
import { clearSearch, copy, flip, moveCursor, search, searchFor, step, toggleHelp, zoom } from './actions.ts';
import { field } from './bars.ts';
import { spanOf } from './draw.ts';
import { model } from './model.ts';
import { stage, standalone } from './page.ts';
import { picture } from './picture.ts';
import { state } from './state.ts';

/** Milliseconds after the last letter. */
const SEARCH_DELAY = 90;
let pending = 0;

export function listenToKeys(): void {
  field.addEventListener('input', () => {
    clearTimeout(pending);
    pending = window.setTimeout(() => searchFor(field.value), SEARCH_DELAY);
  });
  // In a page of others only what happens in the picture is ours
  (standalone ? window : stage.ownerSVGElement!).addEventListener('keydown', (event) => onKey(event as KeyboardEvent));
}

function onKey(event: KeyboardEvent): void {
  const typing = document.activeElement === field;
  if (isFind(event, typing)) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === 'Escape') {
    clearOrLeave(typing);
  } else if (typing) {
    onFieldKey(event);
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey) {
    onStageKey(event);
  }
}

function isFind(event: KeyboardEvent, typing: boolean): boolean {
  const control = event.ctrlKey || event.metaKey;
  return (
    (control && !event.altKey && event.key.toLowerCase() === 'f' && !typing) ||
    (event.key === '/' && !typing && !control)
  );
}

function clearOrLeave(typing: boolean): void {
  clearTimeout(pending);
  if (typing) field.blur();
  if (state.term !== '' || field.value !== '' || state.kinds.size > 0) {
    field.value = '';
    clearSearch();
  } else if (state.zoomed !== 0) zoom(0);
  else moveCursor(-1);
}

function onFieldKey(event: KeyboardEvent): void {
  if (event.key === 'Enter') {
    clearTimeout(pending);
    if (state.term === field.value) step(event.shiftKey ? -1 : 1);
    else searchFor(field.value);
  } else if (event.altKey && event.code === 'KeyC') {
    event.preventDefault();
    state.matchCase = !state.matchCase;
    search();
  } else if (event.altKey && event.code === 'KeyR') {
    event.preventDefault();
    state.regexp = !state.regexp;
    search();
  }
}

function onStageKey(event: KeyboardEvent): void {
  const onButton = document.activeElement?.localName === 'button';
  const action = KEYS.get(event.key) ?? picture().keys.find(({ key }) => key === event.key)?.act;
  if (event.key.startsWith('Arrow')) {
    event.preventDefault();
    moveCursor(arrow(event.key));
  } else if (event.key === 'Enter' && state.cursor >= 0 && !onButton) {
    zoom(state.cursor);
  } else if (action !== undefined) {
    event.preventDefault();
    action();
  }
}

const KEYS: ReadonlyMap<string, () => void> = new Map([
  ['n', () => step(1)],
  ['N', () => step(-1)],
  ['i', flip],
  ['c', copy],
  ['?', toggleHelp],
  ['Backspace', () => zoom(Math.max(0, model().rows.parent[state.zoomed]!))],
]);

function arrow(key: string): number {
  const from = state.cursor >= 0 ? state.cursor : state.zoomed;
  if (key === 'ArrowLeft') return neighbour(from, -1);
  if (key === 'ArrowRight') return neighbour(from, 1);
  return (key === 'ArrowDown') === state.inverted ? widestOn(from) : Math.max(0, model().rows.parent[from]!);
}

function neighbour(index: number, by: number): number {
  const { rows } = model();
  const row = rowOf(rows, index);
  let next = index + by;
  while (rows.weight[next] === 0 && next > rows.rowStart[row]! && next < rows.rowStart[row + 1]! - 1) next += by;
  return next >= rows.rowStart[row]! && next < rows.rowStart[row + 1]! && spanOf(next) ? next : index;
}

/** Of the frames that lie on one: inside the view, the widest; below it, the one that leads to it. */
function widestOn(index: number): number {
  const { rows } = model();
  const row = rowOf(rows, index) + 1;
  if (row >= rowCount(rows)) return index;
  let best = index;
  for (let i = firstFrom(rows, row, rows.start[index]!); i < rows.rowStart[row + 1]! && rows.parent[i] === index; i++) {
    if (rows.weight[i]! > 0 && spanOf(i) && (best === index || rows.weight[i]! > rows.weight[best]!)) best = i;
  }
  return best;
}
