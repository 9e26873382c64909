import type { BlockingRow, ConsoleSnapshot, ResourceRow, TaskRow } from '../../console/snapshot.ts';
import { count, duration, share, wholePlace } from './quantities.ts';
import { culprit, fieldsText, numberOf, threadWord } from './row-columns.ts';
import { type Line, labelled, span, wrapped } from './spans.ts';
import { block, stackLines } from './task-detail.ts';

/** Everything that is known of one resource, or of all that were opened at one place. */
export function resourceDetail(row: ResourceRow, snapshot: ConsoleSnapshot, width: number): Line[] {
  const { isEstimate } = row;
  const isGroup = snapshot.target.source === 'node';
  const head: Line[] = [
    [span(row.type, 'bold'), span(`  ${row.kind}`)],
    ...wrapped(
      [
        ...(isGroup
          ? [
              labelled('live', count(row.live, isEstimate)),
              labelled('opened', count(row.opened, isEstimate)),
              labelled('closed', count(row.closed, isEstimate)),
              labelled('oldest', duration(row.age)),
            ]
          : [labelled('id', row.id), labelled('total', duration(row.age))]),
        ...(row.parent === undefined ? [] : [labelled('part of', row.parent)]),
      ],
      width,
    ),
  ];
  if (row.keepsAlive === true) head.push([span('It keeps the event loop, and so the program, from ending.', 'warn')]);
  return [
    ...head,
    ...block('Opened at', row.place === undefined ? [] : stackLines([row.place])),
    ...block(
      'Details',
      row.attributes.map(({ key, value }): Line => labelled(key, value)),
    ),
    ...block('Operations', operationLines(row, snapshot)),
  ];
}

function operationLines({ operations }: ResourceRow, { tasks }: ConsoleSnapshot): Line[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return operations.map(({ id, task, source, total, busy, polls, attributes }) => {
    const who = task === undefined ? undefined : byId.get(task);
    return [
      span(`${id}  `, 'dim'),
      span(source),
      ...(task === undefined ? [] : [span('  by ', 'dim'), span(who === undefined ? task : named(who), 'accent')]),
      span('  total ', 'dim'),
      span(duration(total)),
      span('  busy ', 'dim'),
      span(duration(busy)),
      span('  polls ', 'dim'),
      span(count(polls)),
      ...(attributes.length > 0 ? [span(`  ${fieldsText(attributes)}`, 'dim')] : []),
    ];
  });
}

function named(task: TaskRow): string {
  return task.name === '' ? numberOf(task) : `${task.name} (${numberOf(task)})`;
}

/** One place that held the loop, with its whole stack. */
export function blockingDetail(row: BlockingRow, snapshot: ConsoleSnapshot, width: number): Line[] {
  const place = culprit(row);
  const all = snapshot.blocking.reduce((sum, { total }) => sum + total, 0);
  return [
    [
      span(place?.function || '(anonymous)', 'bold'),
      span('  '),
      span(place === undefined ? '' : wholePlace(place), 'accent'),
    ],
    ...wrapped(
      [
        labelled('held the loop', `${count(row.count)} ${row.count === 1 ? 'time' : 'times'}`),
        labelled('in all', `${duration(row.total)} (${share(all > 0 ? row.total / all : 0)} of what is blocked)`),
        labelled('longest', duration(row.longest)),
        labelled('mean', duration(row.total / Math.max(1, row.count))),
        labelled('last', `${duration(Math.max(0, snapshot.time - row.last) * 1e6)} ago`),
        labelled('thread', threadWord(row.thread)),
      ],
      width,
    ),
    ...block('What the program was doing, innermost call first', stackLines(row.stack)),
  ];
}
