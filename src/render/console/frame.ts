import type { BlockingRow, ResourceRow, TaskRow } from '../../console/snapshot.ts';
import type { TextLook } from '../../terminal/text-look.ts';
import { footLine, headLines } from './head.ts';
import { helpLines } from './help.ts';
import { loopLines } from './loop-view.ts';
import { type Pressed, selectedIndex } from './press.ts';
import { blockingDetail, resourceDetail } from './resource-detail.ts';
import { type AnyRow, type Scene, shownTable, type TableRows, viewsOf } from './scene.ts';
import { EMPTY, type Line, paint, span } from './spans.ts';
import { type LaidOut, layOut, tableHead, tableRow } from './table.ts';
import { taskDetail } from './task-detail.ts';
import { isTable, type TableId, type ViewState } from './view-state.ts';
import { warningsView } from './warnings-view.ts';

/** Title, totals, tabs above; one line of hints below. */
const AROUND = 4;
/** In a window that is smaller only the state has room. */
const LEAST_ROWS = 8;
const LEAST_COLUMNS = 30;
/** The mark of the selected row and a blank. */
const MARK = 2;

/** A drawn screen, and what the next key needs to know of it. */
export interface Frame {
  /** From the top, each painted and no wider than the screen; as many as it has rows. */
  readonly lines: readonly string[];
  readonly pressed: Pressed;
}

/** Draws the whole screen; a pure function. @param look its width is the screen's */
export function drawFrame(scene: Scene, state: ViewState, look: TextLook, rows: number): Frame {
  const { width } = look;
  const isTiny = rows < LEAST_ROWS || width < LEAST_COLUMNS;
  const page = Math.max(1, rows - AROUND);
  const table = shownTable(scene.snapshot, state);
  const text = table === undefined ? textLines(scene, state, look) : [];
  const laidOut = table === undefined ? [] : layOut(table.columns, table.rows, width - MARK);
  const pressed: Pressed = {
    views: viewsOf(scene),
    rows: table?.rows.map(({ id }) => id) ?? [],
    columns: laidOut.map(({ column }) => column),
    page: table === undefined ? page : Math.max(1, page - 1),
    lines: text.length,
    isReplay: scene.replay !== undefined,
  };
  if (isTiny) return { lines: tiny(scene, state, look, rows), pressed };
  const body =
    table === undefined
      ? scrolled(text, followed(scene, state, text, page), page, look)
      : tableLines(state, table, laidOut, page, look);
  return {
    lines: [
      ...headLines(scene, state, width).map((line) => paint(line, look)),
      ...body,
      paint(footLine(scene, state, width), look),
    ],
    pressed,
  };
}

function tiny(scene: Scene, state: ViewState, look: TextLook, rows: number): string[] {
  const lines = [...headLines(scene, state, look.width), EMPTY, [span('the window is too small', 'dim')]];
  return lines.slice(0, rows).map((line) => paint(line, look));
}

function tableLines(
  state: ViewState,
  table: TableRows<AnyRow>,
  columns: LaidOut<AnyRow>,
  page: number,
  look: TextLook,
): string[] {
  const view = state.view as TableId;
  const head = paint([span(' '.repeat(MARK)), ...tableHead(columns, state.sorting[view])], look);
  const room = page - 1;
  if (table.rows.length === 0)
    return blank([head, paint([span(`  ${nothing(view, table.all, state)}`, 'dim')], look)], page);
  const selected = selectedIndex(
    state,
    view,
    table.rows.map(({ id }) => id),
  );
  // The selected row stays in sight, the first ones as long as they can
  const first = Math.max(0, Math.min(selected - Math.floor(room / 2), table.rows.length - room));
  const lines = table.rows.slice(first, first + room).map((row, i) => {
    const isSelected = first + i === selected;
    return paint([span(isSelected ? '> ' : '  ', 'bold'), ...tableRow(columns, row)], look, isSelected);
  });
  return blank([head, ...lines], page);
}

function nothing(view: TableId, all: number, { filter }: ViewState): string {
  if (all > 0) return `none of ${all} holds ${JSON.stringify(filter)}; esc shows all`;
  if (view === 'blocking') return 'nothing has held the loop for too long';
  return view === 'tasks' ? 'no asynchronous operation has been seen yet' : 'nothing is open';
}

function blank(lines: readonly string[], height: number): string[] {
  return Array.from({ length: height }, (_, i) => lines[i] ?? '');
}

/** Every view that is no table is text to scroll. */
function textLines(scene: Scene, state: ViewState, look: TextLook): Line[] {
  const { snapshot } = scene;
  if (state.isHelp) return helpLines(scene.replay !== undefined);
  if (state.detail !== undefined && isTable(state.view)) return detailLines(scene, state, look);
  switch (state.view) {
    case 'loop':
      return loopLines(scene.moments, look);
    case 'warnings':
      return warningsView(snapshot, look.width);
    default:
      return outputLines(scene.output ?? []);
  }
}

function detailLines({ snapshot }: Scene, { view, detail }: ViewState, look: TextLook): Line[] {
  const found = <Row extends AnyRow>(rows: readonly Row[]): Row | undefined => rows.find(({ id }) => id === detail);
  const gone: Line[] = [[span('It has ended and is no longer kept.', 'dim')]];
  if (view === 'tasks') {
    const row: TaskRow | undefined = found(snapshot.tasks);
    return row === undefined ? gone : taskDetail(row, snapshot, look);
  }
  if (view === 'resources') {
    const row: ResourceRow | undefined = found(snapshot.resources);
    return row === undefined ? gone : resourceDetail(row, snapshot, look.width);
  }
  const row: BlockingRow | undefined = found(snapshot.blocking);
  return row === undefined ? gone : blockingDetail(row, snapshot, look.width);
}

function outputLines(output: readonly string[]): Line[] {
  if (output.length === 0) return [[span('The program has printed nothing yet.', 'dim')]];
  return output.map((line) => [span(line)]);
}

/** The program's output is followed at its end, as long as nobody has scrolled up. */
function followed({ output }: Scene, { view, isHelp, scroll }: ViewState, text: readonly Line[], page: number): number {
  const last = Math.max(0, text.length - page);
  return view === 'output' && !isHelp && output !== undefined ? last - Math.min(last, scroll) : Math.min(scroll, last);
}

function scrolled(text: readonly Line[], first: number, page: number, look: TextLook): string[] {
  return blank(
    text.slice(first, first + page).map((line) => paint(line, look)),
    page,
  );
}
