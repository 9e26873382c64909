import { groupDigits } from '../../../profile/units.ts';
import { button, element } from './dom.ts';

const ROW = 26;
/** Rows beyond the window that are ready. */
const MORE = 8;

/** One column of a table. */
export interface Column<Row> {
  /** Also the class of its cells. */
  readonly key: string;
  readonly title: string;
  /** Whether the first click on its head puts the largest first. */
  readonly largestFirst: boolean;
  /** By which rows are sorted, in ascending order. */
  sortKey(row: Row): number | string;
  cell(row: Row): HTMLElement;
}

/** A table that holds only the rows that are seen; sorts by its heads, is read with the keys. */
export class Table<Row> {
  readonly host: HTMLElement;
  private readonly columns: readonly Column<Row>[];
  private readonly choose: (row: Row) => void;
  private readonly heads = element('div', { role: 'row', class: 'head' });
  private readonly body = element('div', { class: 'rows', role: 'rowgroup' });
  private readonly scroller: HTMLElement;
  private readonly counted = element('div', { class: 'counted', 'aria-live': 'polite' });
  private sort: { readonly column: Column<Row>; readonly down: boolean };
  private given: readonly Row[] = [];
  private rows: readonly Row[] = [];
  private selected = -1;

  /** @param choose called with the row that a person chose @param columns that which it is sorted by first */
  constructor(columns: readonly Column<Row>[], sortedBy: string, choose: (row: Row) => void) {
    this.columns = columns;
    this.choose = choose;
    const column = columns.find(({ key }) => key === sortedBy)!;
    this.sort = { column, down: column.largestFirst };
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

  /** @param all how many there are, with those that a search has left out */
  show(rows: readonly Row[], all: number, chosen: Row | undefined): void {
    this.given = rows;
    this.counted.textContent = `${groupDigits(rows.length)}${rows.length === all ? '' : ` of ${groupDigits(all)}`} functions`;
    this.rows = sorted(rows, this.sort.column, this.sort.down);
    this.selected = chosen === undefined ? -1 : this.rows.indexOf(chosen);
    this.body.style.height = `${Math.max(1, rows.length) * ROW}px`;
    this.host.setAttribute('aria-rowcount', String(rows.length + 1));
    this.drawHeads(all);
    this.draw();
  }

  /** Brings the chosen row into view. */
  reveal(): void {
    const { scroller, selected } = this;
    if (selected < 0) return;
    const top = selected * ROW;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + ROW > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = top + ROW - scroller.clientHeight;
    this.draw();
  }

  private drawHeads(all: number): void {
    const focused = this.heads.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset.key
      : undefined;
    this.heads.replaceChildren(
      ...this.columns.map((column) => {
        const { key, title, largestFirst } = column;
        const isSorted = column === this.sort.column;
        const order = !isSorted ? 'none' : this.sort.down ? 'descending' : 'ascending';
        const head = button({ 'data-key': key }, `${title}${isSorted ? (this.sort.down ? ' ▾' : ' ▴') : ''}`, () => {
          const chosen = this.selected < 0 ? undefined : this.rows[this.selected];
          this.sort = { column, down: isSorted ? !this.sort.down : largestFirst };
          this.scroller.scrollTop = 0;
          this.show(this.given, all, chosen);
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

  private row(row: Row, index: number): HTMLElement {
    const cells = this.columns.map((column) => column.cell(row));
    for (const cell of cells) cell.setAttribute('role', 'gridcell');
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
      ...cells,
    );
    made.style.top = `${index * ROW}px`;
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

function sorted<Row>(rows: readonly Row[], { sortKey }: Column<Row>, down: boolean): readonly Row[] {
  const sign = down ? -1 : 1;
  const keys = new Map(rows.map((row) => [row, sortKey(row)]));
  return rows.toSorted((a, b) => {
    const [left, right] = [keys.get(a)!, keys.get(b)!];
    return sign * (left < right ? -1 : left > right ? 1 : 0);
  });
}
