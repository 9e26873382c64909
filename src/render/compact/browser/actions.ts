import { rowOf } from '../../../embedded/flame-rows.ts';
import { remember } from './address.ts';
import { say, showCrumbs, showDetails, showSearch, showStep, toggleHelp as toggleHelpLine } from './bars.ts';
import { currentMatches, drawCursor, drawFrames, search as drawSearch, spanOf, view } from './draw.ts';
import { byImportance, matchingFrames } from './matches.ts';
import { groupOf, model } from './model.ts';
import { state } from './state.ts';
import { arrange, bringIntoView, fitBars, lineOf, scrollToRoot } from './window.ts';

/** The matches that n and N walk; forgotten when the search or the zoom changes. */
let walked: readonly number[] | undefined;

/** Shows the whole state anew. */
export function showAll(): void {
  walked = undefined;
  drawFrames();
  showCrumbs(view().width, zoom);
  showSearch();
  showDetails(state.cursor);
}

export function zoom(index: number): void {
  if (index === state.zoomed) return;
  state.zoomed = index;
  state.cursor = -1;
  showAll();
  see(index);
  remember(true);
}

export function search(): void {
  walked = undefined;
  drawSearch();
  showSearch();
  remember(false);
}

export function searchFor(term: string): void {
  state.term = term;
  search();
}

export function clearSearch(): void {
  state.kinds.clear();
  searchFor('');
}

export function toggleKind(kind: string): void {
  if (!state.kinds.delete(kind)) state.kinds.add(kind);
  search();
}

export function flip(): void {
  state.inverted = !state.inverted;
  showAll();
  if (state.cursor >= 0) see(state.cursor);
  else if (state.zoomed !== 0) see(state.zoomed);
  else scrollToRoot(state.inverted);
  remember(false);
}

export function moveCursor(index: number): void {
  state.cursor = index;
  drawCursor();
  showDetails(index);
  if (index >= 0) see(index);
}

/** To the next match in the view, or the one before. */
export function step(by: number): void {
  const matches = currentMatches();
  walked ??= matches === undefined ? chosenFrames() : matchingFrames(state.zoomed, matches);
  if (walked.length === 0) return;
  const at = walked.indexOf(state.cursor);
  const next = at < 0 ? (by > 0 ? 0 : walked.length - 1) : (at + by + walked.length) % walked.length;
  moveCursor(walked[next]!);
  showStep(next, walked.length);
}

function chosenFrames(): readonly number[] {
  if (state.kinds.size === 0) return [];
  const { rows } = model();
  const found: number[] = [];
  for (let i = 1; i < rows.frame.length; i++) {
    if (rows.weight[i]! > 0 && state.kinds.has(groupOf(i)) && spanOf(i)) found.push(i);
  }
  return byImportance(found);
}

export function copy(): void {
  const index = state.cursor >= 0 ? state.cursor : state.pointed >= 0 ? state.pointed : state.zoomed;
  const name = model().words.label(index);
  const copied = navigator.clipboard?.writeText(name) ?? Promise.reject(new Error('no clipboard'));
  copied.then(
    () => say('copied'),
    () => say('the browser does not let this page copy'),
  );
}

export function toggleHelp(): void {
  toggleHelpLine();
  fitBars();
}

/** After the window has changed. */
export function resize(): void {
  if (arrange()) showAll();
}

export function see(index: number): void {
  const { rows } = model();
  bringIntoView(lineOf(rows, rowOf(rows, index), state.inverted));
}
