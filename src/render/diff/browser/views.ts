import { showAll } from '../../compact/browser/actions.ts';
import { remember } from '../../compact/browser/address.ts';
import { changeRows, model } from '../../compact/browser/model.ts';
import { button, html, setAttributes, setting } from '../../compact/browser/page.ts';
import { state } from '../../compact/browser/state.ts';
import { viewOf } from '../diff-rows.ts';
import { VIEWS } from '../views.ts';
import { WIDTHS, type Widths } from '../widths.ts';
import { diffModel } from './diff-model.ts';

const opensWith = widthsOf(setting('widths')) ?? 'after';
let seen: Widths = opensWith;
const buttons = new Map<Widths, HTMLButtonElement>();

export function seenWidths(): Widths {
  return seen;
}

export function viewButtons(): HTMLElement {
  const group = html('span', { class: 'views', role: 'group', 'aria-label': 'Widths' });
  for (const { widths, text, title } of VIEWS) {
    const element = button('', text, `${title} (v)`, () => see(widths));
    setAttributes(element, { id: `view-${widths}` });
    buttons.set(widths, element);
    group.append(element);
  }
  press();
  return group;
}

/** Shows another view, as a person asked for it. */
export function see(widths: Widths): void {
  if (widths === seen) return;
  change(widths);
  showAll();
  remember(false);
}

export function seeNext(): void {
  const at = VIEWS.findIndex(({ widths }) => widths === seen);
  see(VIEWS[(at + 1) % VIEWS.length]!.widths);
}

/** Of the address: '' = as the picture opens. */
export function viewAddress(): string {
  return seen === opensWith ? '' : seen;
}

/** Takes the view that an address names; what is seen is drawn later. */
export function recallView(word: string): void {
  const widths = widthsOf(word) ?? opensWith;
  if (widths !== seen) change(widths);
}

function change(widths: Widths): void {
  seen = widths;
  press();
  const { data } = diffModel();
  changeRows(viewOf(data.rows, seen, data.ratio));
  // What weighs nothing in this view cannot fill it
  state.zoomed = withWeight(state.zoomed);
  if (state.cursor >= 0) state.cursor = withWeight(state.cursor);
}

function withWeight(index: number): number {
  const { rows } = model();
  let at = index;
  while (at > 0 && rows.weight[at] === 0) at = rows.parent[at]!;
  return at;
}

function press(): void {
  for (const [widths, element] of buttons) setAttributes(element, { 'aria-pressed': String(widths === seen) });
}

function widthsOf(word: string): Widths | undefined {
  return WIDTHS.find((widths) => widths === word);
}
