import { formatPercent, groupDigits } from '../../../profile/units.ts';
import { currentMatches } from './draw.ts';
import { matchedWeight } from './matches.ts';
import { model } from './model.ts';
import { button, find, fullText, html, root, setAttributes, setting, svg } from './page.ts';
import { picture } from './picture.ts';
import { state } from './state.ts';

/** What the bars' controls do. */
export interface BarActions {
  zoom(index: number): void;
  search(): void;
  flip(): void;
  step(by: number): void;
  copy(): void;
  toggleKind(kind: string): void;
  toggleHelp(): void;
}

/**
 * The header (title, search, breadcrumbs, legend) and the status line, as HTML inside the picture: real text fields and
 * buttons, laid out by the browser. They replace the static texts and stay in sight while scrolling.
 */
export const header = bar('header');
export const footer = bar('footer');
export const field = html('input', {
  type: 'text',
  id: 'search',
  placeholder: 'Search   Ctrl-F',
  'aria-label': 'Search functions',
  spellcheck: 'false',
  autocomplete: 'off',
});
const matched = html('span', { id: 'matched', class: 'keep', 'aria-live': 'polite' });
const walkedTo = html('span', { id: 'step', class: 'keep' });
const warning = html('span', { id: 'search-note', class: 'keep warn', 'aria-live': 'polite' });
const help = html('div', { id: 'help', class: 'line help hidden' });
const crumbs = html('nav', { id: 'crumbs', class: 'line crumbs', 'aria-label': 'Zoom' });
const legend = html('div', { id: 'kinds', class: 'line kinds', role: 'group' });
const detailName = html('span', { id: 'details', class: 'clip name' });
const detailNumbers = html('span', { id: 'details-numbers', class: 'keep' });
const steps = html('span', { class: 'keep hidden', id: 'steps' });
let caseToggle: HTMLButtonElement;
let regexpToggle: HTMLButtonElement;
let reset: HTMLButtonElement;
let copyName: HTMLButtonElement;

function bar(id: string): { readonly holder: SVGForeignObjectElement; readonly content: HTMLDivElement } {
  const holder = svg('foreignObject', { x: 0 });
  const content = html('div', { id, class: 'bar' });
  holder.append(content);
  return { holder, content };
}

const HELP: readonly (readonly [string, string])[] = [
  ['click, Enter', 'zoom in; frames that lead there stay in sight and lead back, so does Back'],
  ['arrows', 'walk along the stacks'],
  ['Ctrl-F, /', 'search: plain text; Aa minds capitals, .* takes a regular expression'],
  ['n, N', 'next match, the one before'],
  ['Esc', 'clears the search, then the zoom'],
  ['Backspace', 'one frame back'],
  ['i', 'turn the picture over'],
  ['c', 'copy the name'],
];

export function buildBars(actions: BarActions): void {
  const heading = fullText('#heading');
  caseToggle = toggle('Aa', 'Mind capitals (Alt-C)', () => {
    state.matchCase = !state.matchCase;
    actions.search();
  });
  regexpToggle = toggle('.*', 'Regular expression (Alt-R)', () => {
    state.regexp = !state.regexp;
    actions.search();
  });
  steps.append(
    walkedTo,
    ' ',
    button('push step', '‹', 'Match before (N)', () => actions.step(-1)),
    ' ',
    button('push step', '›', 'Next match (n)', () => actions.step(1)),
  );
  reset = button('push', 'Reset zoom', '', () => actions.zoom(0));
  reset.id = 'reset';
  const flip = button('push', 'Flip', 'Turn the picture over (i)', actions.flip);
  flip.id = 'flip';
  const keys = button('push', '?', 'Keys and hints', actions.toggleHelp);
  setAttributes(keys, { 'aria-expanded': 'false', id: 'keys' });
  for (const [key, what] of [...HELP, ...picture().keys.map(({ key, what }) => [key, what])])
    help.append(html('span', {}, html('b', {}, key!), ` ${what}`));
  for (const entry of root.querySelectorAll('#legend > g')) legend.append(kindButton(entry, actions));
  header.content.append(
    html(
      'div',
      { class: 'line tools' },
      html('h1', { class: 'clip', title: heading }, heading),
      html('span', { class: 'grow' }),
      ...picture().tools(),
      warning,
      matched,
      steps,
      html('span', { class: 'search' }, field, caseToggle, regexpToggle),
      reset,
      flip,
      keys,
    ),
    help,
    crumbs,
  );
  setAttributes(legend, { 'aria-label': picture().legendLabel });
  legend.append(...picture().legendEnd());
  if (legend.firstChild) header.content.append(legend);
  header.content.append(...picture().lines());
  copyName = button('keep toggle hidden', 'copy', 'Copy the name (c)', actions.copy);
  footer.content.append(detailName, copyName, html('span', { class: 'grow' }), detailNumbers);
  setAttributes(footer.content, { role: 'status', 'aria-live': 'polite' });
  find('#static').classList.add('hidden');
}

function toggle(text: string, title: string, action: () => void): HTMLButtonElement {
  const element = button('toggle', text, title, action);
  setAttributes(element, { 'aria-pressed': 'false' });
  return element;
}

function kindButton(entry: Element, actions: BarActions): HTMLButtonElement {
  const group = entry.getAttribute('data-group')!;
  const element = button('', '', '', () => actions.toggleKind(group));
  const swatch = html('span', { class: 'swatch' });
  swatch.style.background = entry.querySelector('rect')!.getAttribute('fill')!;
  setAttributes(element, { 'data-group': group, 'aria-pressed': 'false' });
  element.append(swatch, html('span', {}, entry.querySelector('text')!.textContent!));
  return element;
}

export function toggleHelp(): void {
  const shown = !help.classList.toggle('hidden');
  setAttributes(find('#keys'), { 'aria-expanded': String(shown) });
}

/** all › a › ... › here. The middle goes first where there is no room for all. */
export function showCrumbs(width: number, zoom: (index: number) => void): void {
  reset.disabled = state.zoomed === 0;
  crumbs.replaceChildren();
  if (state.zoomed === 0) {
    crumbs.append(html('span', { class: 'clip' }, fullText('#summary')));
    return;
  }
  const { rows, words } = model();
  const path: number[] = [];
  for (let i = rows.parent[state.zoomed]!; i >= 0; i = rows.parent[i]!) path.push(i);
  path.reverse();
  const most = Math.max(2, Math.floor(width / 130));
  const skipped = path.length > most ? path.length - most + 1 : 0;
  path.forEach((i, place) => {
    if (skipped > 0 && place > 0 && place <= skipped) {
      if (place === 1) crumbs.append(html('span', { class: 'keep' }, `… ${skipped} more ›`));
      return;
    }
    const crumb = button(i === 0 ? 'keep' : 'clip', words.name(i), '', () => zoom(i));
    crumb.title = words.label(i);
    crumbs.append(crumb, html('span', { class: 'keep', 'aria-hidden': 'true' }, '›'));
  });
  const here = html('span', { class: 'clip here', 'aria-current': 'location' }, words.name(state.zoomed));
  crumbs.append(here);
}

/** The frame that is pointed at or reached by keys: what it is and how much; else the notes of the recording. */
export function showDetails(index: number): void {
  copyName.classList.toggle('hidden', index < 0);
  detailName.classList.toggle('name', index >= 0);
  if (index < 0) {
    const notes = fullText('#notes') || 'Click a frame to zoom, / to search, ? for more';
    detailName.textContent = notes;
    detailName.title = notes;
    detailNumbers.textContent = '';
    return;
  }
  const { words } = model();
  detailName.textContent = `${nameType}${words.label(index)}`;
  detailName.title = words.label(index);
  detailNumbers.textContent = picture().details(index);
}

const nameType = setting('name-type') && `${setting('name-type')} `;

/** A word in the place of the details, until the next frame is pointed at. */
export function say(text: string): void {
  detailNumbers.textContent = text;
}

export function showSearch(): void {
  if (field.value !== state.term) field.value = state.term;
  const matches = currentMatches();
  warning.textContent = matches?.note ?? '';
  steps.classList.toggle('hidden', matches === undefined && state.kinds.size === 0);
  setAttributes(caseToggle, { 'aria-pressed': String(state.matchCase) });
  setAttributes(regexpToggle, { 'aria-pressed': String(state.regexp) });
  field.placeholder = state.regexp ? 'Search (regexp)   Ctrl-F' : 'Search   Ctrl-F';
  for (const chip of legend.querySelectorAll('button')) {
    setAttributes(chip, { 'aria-pressed': String(state.kinds.has(chip.getAttribute('data-group')!)) });
  }
  matched.textContent = '';
  walkedTo.textContent = '';
  if (matches === undefined && state.kinds.size === 0) return;
  if (matches === undefined) {
    matched.textContent = picture().chosen();
    return;
  }
  const { rows } = model();
  const share = (top: number): string => formatPercent(matchedWeight(top, matches), rows.weight[top]!);
  matched.textContent =
    state.zoomed === 0 ? `Matched: ${share(0)}` : `Matched: ${share(state.zoomed)} of view, ${share(0)} of all`;
}

/** Which of how many matches the cursor is on. */
export function showStep(place: number, count: number): void {
  walkedTo.textContent = `${groupDigits(place + 1)} of ${groupDigits(count)}`;
}
