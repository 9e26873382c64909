import { FIRST_SORTING } from './row-columns.ts';
import type { Sorting } from './table.ts';

export type ViewId = 'tasks' | 'resources' | 'blocking' | 'loop' | 'warnings' | 'output';
/** Views that are tables of rows, each of which has details. */
export type TableId = keyof typeof FIRST_SORTING;

/** What a person has chosen to see. */
export interface ViewState {
  readonly view: ViewId;
  readonly sorting: Readonly<Record<TableId, Sorting>>;
  /** Id of the selected row of each table; the first where it is not among the rows. */
  readonly selected: Readonly<Record<TableId, string | undefined>>;
  /** Where the selected row stood last: what is selected when it is gone. */
  readonly position: Readonly<Record<TableId, number>>;
  /** Id of the row whose details are shown in place of its table. */
  readonly detail: string | undefined;
  /** First line of a text that is longer than the screen. */
  readonly scroll: number;
  /** Rows that do not hold this are left out. */
  readonly filter: string;
  readonly isTyping: boolean;
  readonly isHelp: boolean;
  /** The picture stands still; watching goes on. */
  readonly isFrozen: boolean;
}

export const FIRST_STATE: ViewState = {
  view: 'tasks',
  sorting: FIRST_SORTING,
  selected: { tasks: undefined, resources: undefined, blocking: undefined },
  position: { tasks: 0, resources: 0, blocking: 0 },
  detail: undefined,
  scroll: 0,
  filter: '',
  isTyping: false,
  isHelp: false,
  isFrozen: false,
};

export function isTable(view: ViewId): view is TableId {
  return view in FIRST_SORTING;
}
