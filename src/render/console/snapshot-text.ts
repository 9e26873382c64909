import type { LoopMoment } from '../../console/loop-history.ts';
import type { ConsoleSnapshot } from '../../console/snapshot.ts';
import type { TextLook } from '../../terminal/text-look.ts';
import { totalsLine } from './head.ts';
import { loopLines } from './loop-view.ts';
import { clock } from './quantities.ts';
import { type AnyRow, type TableRows, tableOf } from './scene.ts';
import { EMPTY, type Line, labelled, paint, span, wrapped } from './spans.ts';
import { layOut, tableHead, tableRow } from './table.ts';
import { stackLines } from './task-detail.ts';
import { FIRST_STATE, type TableId } from './view-state.ts';
import { warningsView } from './warnings-view.ts';

/** Rows of each table; what is left out is counted. */
const MOST_ROWS = 20;
/** Stacks of what blocked. */
const MOST_STACKS = 5;

/** All views of a snapshot below one another, each line ending in a newline. @param watched milliseconds */
export function* snapshotText(
  snapshot: ConsoleSnapshot,
  moments: readonly LoopMoment[],
  watched: number,
  look: TextLook,
): Iterable<string> {
  for (const line of sections(snapshot, moments, watched, look)) yield `${paint(line, look)}\n`;
}

function* sections(
  snapshot: ConsoleSnapshot,
  moments: readonly LoopMoment[],
  watched: number,
  look: TextLook,
): Iterable<Line> {
  const { target, state, loop, warnings, notes, tasks } = snapshot;
  yield [span(target.title, 'bold')];
  yield* wrapped(
    [
      ...(target.pid === undefined ? [] : [labelled('pid', String(target.pid))]),
      ...(target.runtime === undefined ? [] : [[span(target.runtime)]]),
      [span(state)],
      labelled('watched', clock(watched)),
    ],
    look.width,
  );
  yield totalsLine(snapshot, look.width);
  yield* tableSection('Tasks', snapshot, 'tasks', look);
  yield* tableSection('Resources', snapshot, 'resources', look);
  if (target.source === 'node') {
    yield* tableSection('Blocking', snapshot, 'blocking', look);
    for (const { stack } of [...snapshot.blocking].sort((a, b) => b.total - a.total).slice(0, MOST_STACKS)) {
      if (stack.length < 2) continue;
      yield EMPTY;
      for (const line of stackLines(stack)) yield [span('    '), ...line];
    }
  }
  if (loop !== undefined) {
    yield EMPTY;
    yield [span('Loop', 'bold')];
    yield* loopLines(moments, look);
  }
  if (warnings.length > 0 || notes.length > 0 || tasks.some((task) => task.warnings.length > 0)) {
    yield EMPTY;
    yield* warningsView(snapshot, look.width);
  }
}

function* tableSection(title: string, snapshot: ConsoleSnapshot, id: TableId, look: TextLook): Iterable<Line> {
  const table: TableRows<AnyRow> = tableOf(snapshot, id, FIRST_STATE);
  yield EMPTY;
  yield [span(title, 'bold'), ...(table.rows.length === 0 ? [span('  none', 'dim')] : [])];
  if (table.rows.length === 0) return;
  const columns = layOut(table.columns, table.rows, look.width - 2);
  yield [span('  '), ...tableHead(columns, FIRST_STATE.sorting[id])];
  for (const row of table.rows.slice(0, MOST_ROWS)) yield [span('  '), ...tableRow(columns, row)];
  const more = table.rows.length - MOST_ROWS;
  if (more > 0) yield [span(`  and ${more} more; --json has all`, 'dim')];
}
