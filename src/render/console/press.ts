import type { Key } from '../../terminal/keys.ts';
import type { Column, Sorting } from './table.ts';
import { isTable, type TableId, type ViewId, type ViewState } from './view-state.ts';

/** What is on the screen when a key is pressed. */
export interface Pressed {
  /** Views that there are; `output` only of a program that we have started. */
  readonly views: readonly ViewId[];
  /** Ids of the table's rows, in their order. */
  readonly rows: readonly string[];
  readonly columns: readonly Pick<Column<never>, 'id' | 'side'>[];
  /** Rows of the table, or lines of the text, that have room. */
  readonly page: number;
  /** Lines of the text that is shown in place of a table. */
  readonly lines: number;
  readonly isReplay: boolean;
}

/** What a key does beside changing what is seen. */
export type Action =
  | { readonly do: 'quit' | 'suspend' | 'redraw' | 'export' | 'pause' | 'play' }
  /** Of a recording: by so many snapshots, or to its start or end. */
  | { readonly do: 'seek'; readonly by: number }
  | { readonly do: 'speed'; readonly factor: number };

export interface Outcome {
  readonly state: ViewState;
  readonly action?: Action;
}

/** What a key does; a pure function. */
export function press(state: ViewState, key: Key, pressed: Pressed): Outcome {
  if (key.name === 'interrupt') return { state, action: { do: 'quit' } };
  if (key.name === 'suspend') return { state, action: { do: 'suspend' } };
  if (key.name === 'redraw') return { state, action: { do: 'redraw' } };
  if (state.isTyping) return { state: typed(state, key) };
  if (key.name === 'character') return character(state, key.text, pressed);
  switch (key.name) {
    case 'enter':
      return { state: opened(state, pressed) };
    case 'escape':
    case 'backspace':
      return { state: left(state) };
    case 'tab':
      return { state: shown(state, neighbour(state.view, pressed.views, 1)) };
    case 'back-tab':
      return { state: shown(state, neighbour(state.view, pressed.views, -1)) };
    case 'left':
    case 'right':
      return pressed.isReplay ? { state, action: { do: 'seek', by: key.name === 'left' ? -1 : 1 } } : { state };
    case 'up':
      return { state: moved(state, -1, pressed) };
    case 'down':
      return { state: moved(state, 1, pressed) };
    case 'page-up':
      return { state: moved(state, -pressed.page, pressed) };
    case 'page-down':
      return { state: moved(state, pressed.page, pressed) };
    case 'home':
      return { state: moved(state, Number.NEGATIVE_INFINITY, pressed) };
    default:
      return { state: moved(state, Number.POSITIVE_INFINITY, pressed) };
  }
}

function character(state: ViewState, text: string, pressed: Pressed): Outcome {
  if (/^[1-9]$/.test(text)) {
    const view = pressed.views[Number(text) - 1];
    return { state: view === undefined ? state : shown(state, view) };
  }
  switch (text) {
    case 'q':
      return { state, action: { do: 'quit' } };
    case '?':
    case 'h':
      return { state: { ...state, isHelp: !state.isHelp, scroll: 0 } };
    case 'j':
      return { state: moved(state, 1, pressed) };
    case 'k':
      return { state: moved(state, -1, pressed) };
    case 'g':
      return { state: moved(state, Number.NEGATIVE_INFINITY, pressed) };
    case 'G':
      return { state: moved(state, Number.POSITIVE_INFINITY, pressed) };
    case 's':
    case '>':
      return { state: sorted(state, 1, pressed) };
    case '<':
      return { state: sorted(state, -1, pressed) };
    case 'S':
      return { state: turned(state) };
    case '/':
      return { state: { ...state, isTyping: true, isHelp: false, detail: undefined } };
    case 'f':
      return { state: { ...state, isFrozen: !state.isFrozen } };
    case 'w':
      return { state: shown(state, 'warnings') };
    case 'p':
      return { state, action: { do: pressed.isReplay ? 'play' : 'pause' } };
    case 'e':
      return { state, action: { do: 'export' } };
    case ' ':
      return pressed.isReplay ? { state, action: { do: 'play' } } : { state: moved(state, pressed.page, pressed) };
    default:
      return pressed.isReplay ? played(state, text) : { state };
  }
}

function played(state: ViewState, text: string): Outcome {
  switch (text) {
    case '[':
      return { state, action: { do: 'seek', by: -10 } };
    case ']':
      return { state, action: { do: 'seek', by: 10 } };
    case '{':
      return { state, action: { do: 'seek', by: Number.NEGATIVE_INFINITY } };
    case '}':
      return { state, action: { do: 'seek', by: Number.POSITIVE_INFINITY } };
    case '+':
    case '=':
      return { state, action: { do: 'speed', factor: 2 } };
    case '-':
      return { state, action: { do: 'speed', factor: 0.5 } };
    default:
      return { state };
  }
}

/** A filter is what has been typed, literally. */
function typed(state: ViewState, key: Key): ViewState {
  switch (key.name) {
    case 'character':
      return { ...state, filter: state.filter + key.text };
    case 'backspace':
      return { ...state, filter: [...state.filter].slice(0, -1).join('') };
    case 'enter':
    case 'up':
    case 'down':
      return { ...state, isTyping: false };
    case 'escape':
      return { ...state, isTyping: false, filter: '' };
    default:
      return state;
  }
}

function shown(state: ViewState, view: ViewId): ViewState {
  return { ...state, view, detail: undefined, scroll: 0, isHelp: false };
}

function neighbour(view: ViewId, views: readonly ViewId[], step: number): ViewId {
  return views[(views.indexOf(view) + step + views.length) % views.length] ?? view;
}

function opened(state: ViewState, { rows }: Pressed): ViewState {
  if (state.isHelp) return { ...state, isHelp: false, scroll: 0 };
  if (!isTable(state.view) || state.detail !== undefined) return state;
  const row = rows[selectedIndex(state, state.view, rows)];
  return row === undefined ? state : { ...marked(state, state.view, rows, row), detail: row, scroll: 0 };
}

/** Back by one step: help, details, filter. */
function left(state: ViewState): ViewState {
  if (state.isHelp) return { ...state, isHelp: false, scroll: 0 };
  if (state.detail !== undefined) return { ...state, detail: undefined, scroll: 0 };
  return { ...state, filter: '' };
}

function moved(state: ViewState, by: number, { rows, page, lines }: Pressed): ViewState {
  if (!state.isHelp && state.detail === undefined && isTable(state.view)) {
    const to = clamp(selectedIndex(state, state.view, rows) + by, rows.length - 1);
    const row = rows[to];
    return row === undefined ? state : marked(state, state.view, rows, row);
  }
  // The output is followed at its end: its scrolling is counted from there
  const step = state.view === 'output' && !state.isHelp ? -by : by;
  return { ...state, scroll: clamp(Math.min(state.scroll, lines - page) + step, lines - page) };
}

function marked(state: ViewState, table: TableId, rows: readonly string[], row: string): ViewState {
  return {
    ...state,
    selected: { ...state.selected, [table]: row },
    position: { ...state.position, [table]: rows.indexOf(row) },
  };
}

/**
 * Which row is selected: the one that was, wherever it has been sorted to; the one in its place when it is gone; the first
 * as long as none was chosen.
 */
export function selectedIndex(state: ViewState, table: TableId, rows: readonly string[]): number {
  const selected = state.selected[table];
  if (selected === undefined) return 0;
  const at = rows.indexOf(selected);
  return at >= 0 ? at : clamp(state.position[table], rows.length - 1);
}

function sorted(state: ViewState, step: number, { columns }: Pressed): ViewState {
  if (!isTable(state.view) || columns.length === 0 || state.detail !== undefined) return state;
  const at = columns.findIndex(({ id }) => id === (state.sorting[state.view as TableId] as Sorting).column);
  const column = columns[(at + step + columns.length) % columns.length]!;
  return withSorting(state, state.view, {
    column: column.id,
    descending: column.side === 'left' || column.id === 'warnings',
  });
}

function turned(state: ViewState): ViewState {
  if (!isTable(state.view)) return state;
  const { column, descending } = state.sorting[state.view];
  return withSorting(state, state.view, { column, descending: !descending });
}

function withSorting(state: ViewState, table: TableId, sorting: Sorting): ViewState {
  return { ...state, sorting: { ...state.sorting, [table]: sorting } };
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}
