import { KINDS } from '../../../profile/profile.ts';
import type { TopRow } from '../../../profile/top.ts';
import { formatPercent, formatValue } from '../../../profile/units.ts';
import { visibleText } from '../../escape.ts';
import { nameOf, placeOf } from '../../frame-words.ts';
import { KIND_TITLES } from '../../kind-titles.ts';
import { element, named, share, swatch } from './dom.ts';
import type { Store } from './store.ts';
import { type Column, Table } from './table.ts';

/** Every function in a table; follows search and legend. */
export class FunctionTable {
  readonly host: HTMLElement;
  private readonly store: Store;
  private readonly table: Table<TopRow>;

  /** @param choose called with the function that a person chose */
  constructor(store: Store, choose: (row: TopRow) => void) {
    this.store = store;
    this.table = new Table(columnsOf(store), 'self', choose);
    this.host = this.table.host;
  }

  /** Takes the functions of the store anew. */
  update(): void {
    const hits = this.store.hits();
    const all = this.store.functions();
    let rows = all;
    if (hits !== undefined) {
      const found = new Set<number>();
      this.store.functionOf().forEach((row, frame) => {
        if (hits.frames[frame] === 1 && row >= 0) found.add(row);
      });
      rows = rows.filter((_, i) => found.has(i));
    }
    this.table.show(rows, all.length, this.store.function);
  }

  /** Brings the chosen function into view. */
  reveal(): void {
    this.table.reveal();
  }
}

function columnsOf(store: Store): readonly Column<TopRow>[] {
  const weight = (key: 'self' | 'total', title: string): Column<TopRow> => ({
    key,
    title,
    largestFirst: true,
    sortKey: (row) => row[key],
    cell: (row) => weightCell(store, key, row[key]),
  });
  return [
    weight('self', 'Self'),
    weight('total', 'Total'),
    {
      key: 'kind',
      title: 'Kind',
      largestFirst: false,
      sortKey: ({ kind }) => KINDS.indexOf(kind),
      cell: (row) => element('div', { class: 'cell kind' }, swatch(kindFill(store, row)), KIND_TITLES[row.kind]),
    },
    ...nameColumns<TopRow>(),
  ];
}

function weightCell(store: Store, key: string, value: number): HTMLElement {
  const whole = store.total();
  return element(
    'div',
    { class: `cell ${key}`, title: formatPercent(value, whole) },
    share(whole === 0 ? 0 : value / whole),
    element('span', { class: 'number' }, formatValue(value, store.valueType.unit)),
    element('span', { class: 'percent' }, formatPercent(value, whole, 1)),
  );
}

type Named = Pick<TopRow, 'name' | 'file' | 'line' | 'module'>;

/** What a function is called and where it is. */
export function nameColumns<Row extends Named>(): readonly Column<Row>[] {
  return [
    {
      key: 'name',
      title: 'Function',
      largestFirst: false,
      sortKey: (row) => visibleText(nameOf(row)),
      cell: functionCell,
    },
    {
      key: 'place',
      title: 'Where',
      largestFirst: false,
      sortKey: placeOf,
      cell: (row) => named('div', 'cell place', placeOf(row)),
    },
  ];
}

/** The name, and behind it the place, which is seen where the table has no room for a column of places. */
function functionCell(row: Named): HTMLElement {
  const cell = named('div', 'cell name', nameOf(row));
  const place = placeOf(row);
  cell.append(element('span', { class: 'behind muted' }, visibleText(place.slice(place.lastIndexOf('/') + 1))));
  return cell;
}

/** The colour of the kind in the legend; nothing where colours mean something else. */
function kindFill({ data }: Store, row: TopRow): string {
  return data.summary.groups.find(({ id }) => id === row.kind)?.fill ?? 'transparent';
}
