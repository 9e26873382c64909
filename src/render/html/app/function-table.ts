import { KINDS } from '../../../profile/profile.ts';
import type { TopRow } from '../../../profile/top.ts';
import { formatPercent, formatValue, groupDigits } from '../../../profile/units.ts';
import { visibleText } from '../../escape.ts';
import { nameOf, placeOf } from '../../frame-words.ts';
import { KIND_TITLES } from '../../kind-titles.ts';
import { button, element, named, share, swatch } from './dom.ts';
import type { Store } from './store.ts';

const ROW = 26;
/** Rows beyond the window that are ready. */
const MORE = 8;

type SortKey = 'self' | 'total' | 'kind' | 'name' | 'place';
const COLUMNS: readonly { readonly key: SortKey; readonly title: string }[] = [
  { key: 'self', title: 'Self' },
  { key: 'total', title: 'Total' },
  { key: 'kind', title: 'Kind' },
  { key: 'name', title: 'Function' },
  { key: 'place', title: 'Where' },
];

/** Every function in a table that holds only the rows that are seen; sorts by its heads, follows search and legend. */
export class FunctionTable {
  readonly host: HTMLElement;
  private readonly store: Store;
  private readonly choose: (row: TopRow) => void;
  private readonly heads = element('div', { role: 'row', class: 'head' });
  private readonly body = element('div', { class: 'rows', role: 'rowgroup' });
  private readonly scroller: HTMLElement;
  private readonly counted = element('div', { class: 'counted', 'aria-live': 'polite' });
  private sort: { key: SortKey; down: boolean } = { key: 'self', down: true };
  private rows: readonly TopRow[] = [];
  private selected = -1;

  /** @param choose called with the function that a person chose */
  constructor(store: Store, choose: (row: TopRow) => void) {
    this.store = store;
    this.choose = choose;
    this.scroller = element('div', { class: 'scroller', tabindex: 0, role: 'presentation' }, this.body);
    this.host = element(
      'div',
      { class: 'functions', role: 'grid', 'aria-label': 'Functions' },
      this.heads,
      this.scroller,
      this.counted,
    );
    this.scroller.addEventListener('scroll', () => this.draw(), { passive: true });
    this.scroller.addEventListener('keydown', (event) => this.key(event));
    this.scroller.addEventListener('click', (event) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
      if (row !== null) this.select(Number(row.dataset.row));
    });
    new ResizeObserver(() => this.draw()).observe(this.scroller);
  }

  /** Takes the functions of the store anew. */
  update(): void {
    const kept = this.store.function;
    const hits = this.store.hits();
    let rows = this.store.functions();
    if (hits !== undefined) {
      const found = new Set<number>();
      this.store.functionOf().forEach((row, frame) => {
        if (hits.frames[frame] === 1 && row >= 0) found.add(row);
      });
      rows = rows.filter((_, i) => found.has(i));
    }
    const all = this.store.functions().length;
    this.counted.textContent = `${groupDigits(rows.length)}${rows.length === all ? '' : ` of ${groupDigits(all)}`} functions`;
    this.rows = sorted(rows, this.sort.key, this.sort.down);
    this.selected = kept === undefined ? -1 : this.rows.indexOf(kept);
    this.body.style.height = `${Math.max(1, rows.length) * ROW}px`;
    this.host.setAttribute('aria-rowcount', String(rows.length + 1));
    this.drawHeads();
    this.draw();
  }

  /** Brings the chosen function into view. */
  reveal(): void {
    const { scroller, selected } = this;
    if (selected < 0) return;
    const top = selected * ROW;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + ROW > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = top + ROW - scroller.clientHeight;
    this.draw();
  }

  private drawHeads(): void {
    const focused = this.heads.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset.key
      : undefined;
    this.heads.replaceChildren(
      ...COLUMNS.map(({ key, title }) => {
        const isSorted = key === this.sort.key;
        const order = !isSorted ? 'none' : this.sort.down ? 'descending' : 'ascending';
        const head = button({ 'data-key': key }, `${title}${isSorted ? (this.sort.down ? ' ▾' : ' ▴') : ''}`, () => {
          this.sort = { key, down: isSorted ? !this.sort.down : key === 'self' || key === 'total' };
          this.scroller.scrollTop = 0;
          this.update();
        });
        return element('div', { class: `cell ${key}`, role: 'columnheader', 'aria-sort': order }, head);
      }),
    );
    if (focused !== undefined) this.heads.querySelector<HTMLElement>(`[data-key=${focused}]`)?.focus();
  }

  private draw(): void {
    const { scroller, rows } = this;
    if (scroller.clientHeight === 0) return;
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - MORE);
    const last = Math.min(rows.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW) + MORE);
    const drawn: HTMLElement[] = [];
    for (let i = first; i < last; i++) drawn.push(this.row(rows[i]!, i));
    if (rows.length === 0) drawn.push(element('div', { class: 'nothing' }, 'No function matches.'));
    this.body.replaceChildren(...drawn);
    if (this.selected >= 0) scroller.setAttribute('aria-activedescendant', `row-${this.selected}`);
    else scroller.removeAttribute('aria-activedescendant');
  }

  private row(row: TopRow, index: number): HTMLElement {
    const whole = this.store.total();
    const { unit } = this.store.valueType;
    const weight = (key: string, value: number): HTMLElement =>
      element(
        'div',
        { class: `cell ${key}`, role: 'gridcell', title: formatPercent(value, whole) },
        share(whole === 0 ? 0 : value / whole),
        element('span', { class: 'number' }, formatValue(value, unit)),
        element('span', { class: 'percent' }, formatPercent(value, whole, 1)),
      );
    const made = element(
      'div',
      {
        class: 'row',
        role: 'row',
        id: `row-${index}`,
        'data-row': index,
        'aria-rowindex': index + 2,
        'aria-selected': index === this.selected ? 'true' : 'false',
      },
      weight('self', row.self),
      weight('total', row.total),
      element(
        'div',
        { class: 'cell kind', role: 'gridcell' },
        swatch(kindFill(this.store, row)),
        KIND_TITLES[row.kind],
      ),
      functionCell(row),
      named('div', 'cell place', placeOf(row)),
    );
    made.style.top = `${index * ROW}px`;
    for (const cell of made.querySelectorAll('.name, .place')) cell.setAttribute('role', 'gridcell');
    return made;
  }

  private select(index: number): void {
    this.selected = index;
    this.draw();
    this.choose(this.rows[index]!);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.rows.length === 0) return;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW) - 1);
    const steps = new Map([
      ['ArrowDown', 1],
      ['ArrowUp', -1],
      ['PageDown', page],
      ['PageUp', -page],
      ['Home', -this.rows.length],
      ['End', this.rows.length],
    ]);
    const step = steps.get(event.key);
    if (step === undefined) return;
    event.preventDefault();
    const from = this.selected < 0 && step === 1 ? -1 : this.selected;
    this.select(Math.min(this.rows.length - 1, Math.max(0, from + step)));
    this.reveal();
  }
}

/** The name, and behind it the place, which is seen where the table has no room for a column of places. */
function functionCell(row: TopRow): HTMLElement {
  const cell = named('div', 'cell name', nameOf(row));
  const place = placeOf(row);
  cell.append(element('span', { class: 'behind muted' }, visibleText(place.slice(place.lastIndexOf('/') + 1))));
  return cell;
}

/** The colour of the kind in the legend; nothing where colours mean something else. */
function kindFill({ data }: Store, row: TopRow): string {
  return data.summary.groups.find(({ id }) => id === row.kind)?.fill ?? 'transparent';
}

function sorted(rows: readonly TopRow[], key: SortKey, down: boolean): readonly TopRow[] {
  const sign = down ? -1 : 1;
  const text = (row: TopRow): string =>
    key === 'kind'
      ? String(KINDS.indexOf(row.kind)).padStart(2, '0')
      : key === 'name'
        ? visibleText(nameOf(row))
        : placeOf(row);
  if (key === 'self' || key === 'total') return rows.toSorted((a, b) => sign * (a[key] - b[key]));
  const texts = new Map(rows.map((row) => [row, text(row)]));
  return rows.toSorted((a, b) => {
    const [left, right] = [texts.get(a)!, texts.get(b)!];
    return sign * (left < right ? -1 : left > right ? 1 : 0);
  });
}
