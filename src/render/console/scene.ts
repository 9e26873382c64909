import type { LoopMoment } from '../../console/loop-history.ts';
import type { BlockingRow, ConsoleSnapshot, ResourceRow, TaskRow } from '../../console/snapshot.ts';
import { blockingColumns, fieldsText, resourceColumns, taskColumns } from './row-columns.ts';
import { type Column, rowHolds, sortRows } from './table.ts';
import { isTable, type TableId, type ViewId, type ViewState } from './view-state.ts';

/** What there is to show. */
export interface Scene {
  readonly snapshot: ConsoleSnapshot;
  /** Up to the snapshot. */
  readonly moments: readonly LoopMoment[];
  /** Milliseconds that have been watched. */
  readonly watched: number;
  /** Last lines that the program has printed; undefined where they do not come our way. */
  readonly output?: readonly string[];
  /** Why no other snapshot will come. */
  readonly ended?: string;
  /** A person has paused the watching. */
  readonly isPaused: boolean;
  readonly replay?: ReplayState;
  /** Name of the file that snapshots are written to. */
  readonly recording?: string;
  /** A word to the person, until the next key. */
  readonly message?: string;
}

interface ReplayState {
  /** Of the snapshot, from 0. */
  readonly position: number;
  readonly length: number;
  readonly isPlaying: boolean;
  readonly speed: number;
}

/** A table with what the state makes of it. */
export interface TableRows<Row> {
  readonly columns: readonly Column<Row>[];
  /** Filtered and sorted. */
  readonly rows: readonly Row[];
  /** Before the filter. */
  readonly all: number;
}

export type AnyRow = TaskRow | ResourceRow | BlockingRow;

/** Views that a scene has, in the order of their numbers: what a source never tells has none. */
export function viewsOf({ snapshot, output }: Scene): readonly ViewId[] {
  const isNode = snapshot.target.source === 'node';
  const rows: readonly ViewId[] = isNode ? ['tasks', 'resources', 'blocking', 'loop'] : ['tasks', 'resources'];
  return [...rows, 'warnings', ...(output === undefined ? [] : (['output'] as const))];
}

/** The rows of a table as they are shown. */
export function tableOf(snapshot: ConsoleSnapshot, table: TableId, state: ViewState): TableRows<AnyRow> {
  switch (table) {
    case 'tasks':
      return arranged(
        snapshot.tasks,
        taskColumns(snapshot),
        table,
        state,
        ({ fields, place }) => `${place?.file ?? ''} ${fieldsText(fields)}`,
      );
    case 'resources':
      return arranged(
        snapshot.resources,
        resourceColumns(snapshot),
        table,
        state,
        ({ attributes, place }) => `${place?.file ?? ''} ${fieldsText(attributes)}`,
      );
    default:
      return arranged(snapshot.blocking, blockingColumns(snapshot), table, state, ({ stack }) =>
        stack.map((place) => `${place.function} ${place.file}`).join(' '),
      );
  }
}

function arranged<Row extends AnyRow>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  table: TableId,
  { filter, sorting }: ViewState,
  more: (row: Row) => string,
): TableRows<AnyRow> {
  const kept = filter === '' ? rows : rows.filter((row) => rowHolds(columns, row, filter, more(row)));
  // Columns and rows are of one kind, which the union of kinds has forgotten
  return {
    columns: columns as unknown as readonly Column<AnyRow>[],
    rows: sortRows(kept, columns, sorting[table]),
    all: rows.length,
  };
}

/** The rows that keys move over; none where no table is shown. */
export function shownTable(snapshot: ConsoleSnapshot, state: ViewState): TableRows<AnyRow> | undefined {
  const isShown = isTable(state.view) && !state.isHelp && state.detail === undefined;
  return isShown ? tableOf(snapshot, state.view as TableId, state) : undefined;
}

/** The rows of a table that the filter has left, as they are sorted. */
export function shownRows(snapshot: ConsoleSnapshot, table: TableId, state: ViewState): readonly AnyRow[] {
  return tableOf(snapshot, table, state).rows;
}
