import type { BlockingRow, ConsoleSnapshot, ResourceRow, SourcePlace, TaskRow } from '../../console/snapshot.ts';
import { COUNT_WIDTH, count, DURATION_WIDTH, duration, shortPlace } from './quantities.ts';
import type { Tone } from './spans.ts';
import type { Column, Sorting } from './table.ts';

/** How the tables are sorted before anybody says so: what costs most comes first. */
export const FIRST_SORTING = {
  tasks: { column: 'busy', descending: true },
  resources: { column: 'live', descending: true },
  blocking: { column: 'total', descending: true },
} as const satisfies Record<string, Sorting>;

const STATES = { running: 'run', scheduled: 'sched', idle: 'idle', completed: 'done' } as const;

/** Short for a column, and the same words in the details. */
export function stateWord(state: TaskRow['state']): string {
  return STATES[state];
}

/** `!`, `!2`: how many warnings there are. */
function mark(warnings: readonly unknown[]): string {
  if (warnings.length === 0) return '';
  return warnings.length === 1 ? '!' : `!${Math.min(9, warnings.length)}`;
}

/** Numbers of one kind: a title, where they are from, how they are written. */
function numbers<Row>(
  id: string,
  title: string,
  rank: number,
  width: number,
  value: (row: Row) => number,
  text: (value: number, row: Row) => string,
): Column<Row> {
  return { id, title, width, side: 'left', rank, key: value, cell: (row) => text(value(row), row) };
}

function time<Row>(id: string, title: string, rank: number, value: (row: Row) => number): Column<Row> {
  return numbers(id, title, rank, DURATION_WIDTH, value, (nanoseconds) => duration(nanoseconds));
}

function amount<Row extends { readonly isEstimate?: boolean }>(
  id: string,
  title: string,
  rank: number,
  value: (row: Row) => number,
): Column<Row> {
  return numbers(id, title, rank, COUNT_WIDTH, value, (number, { isEstimate }) => count(number, isEstimate === true));
}

function words<Row>(
  id: string,
  title: string,
  rank: number,
  width: number,
  cell: (row: Row) => string,
  more: Partial<Column<Row>> = {},
): Column<Row> {
  return { id, title, width, rank, cell, key: cell, ...more };
}

function placed<Row>(title: string, rank: number, of: (row: Row) => SourcePlace | undefined): Column<Row> {
  const look = { grows: true, isPath: true, tone: (): Tone => 'accent' };
  return words('place', title, rank, 14, (row: Row) => shortPlace(of(row)), look);
}

/** What not every row has. */
function details<Row>(id: string, title: string, rank: number, cell: (row: Row) => string): Column<Row> {
  return words(id, title, rank, 14, cell, { grows: true, isOptional: true, tone: () => 'dim' });
}

/** The field by which tokio itself numbers its tasks. */
const TASK_ID = 'task.id';

/** The number of a tokio task that a program knows it by (`tokio::task::id()`), as far as its version tells; else that of its span. */
export function numberOf({ id, fields }: TaskRow): string {
  return fields.find(({ key }) => key === TASK_ID)?.value ?? id;
}

/** Numbers of many digits, as texts. */
function identified<Row>(rank: number, of: (row: Row) => string): Column<Row> {
  const key = (row: Row): string => of(row).padStart(20, '0');
  return words('id', 'ID', rank, 4, of, { side: 'left', grows: true, key });
}

const WARNINGS: Column<TaskRow> = {
  id: 'warnings',
  title: '!',
  width: 2,
  rank: 100,
  cell: ({ warnings }) => mark(warnings),
  key: ({ warnings }) => warnings.length,
  tone: () => 'warn',
};

const STATE = words<TaskRow>('state', 'State', 42, 5, ({ state }) => stateWord(state), {
  tone: ({ state }): Tone => (state === 'running' ? 'good' : state === 'completed' ? 'dim' : 'plain'),
});
const TOTAL = time<TaskRow>('total', 'Total', 44, ({ total }) => total);
const BUSY = time<TaskRow>('busy', 'Busy', 90, ({ busy }) => busy);
const IDLE = time<TaskRow>('idle', 'Idle', 30, ({ idle }) => idle);
const POLLS = amount<TaskRow>('polls', 'Polls', 70, ({ polls }) => polls);
const LONGEST = time<TaskRow>('longest', 'Longest', 80, ({ longestPoll }) => longestPoll);
const KIND = words<TaskRow>('kind', 'Kind', 75, 12, ({ kind }) => kind, { grows: true });
const FIELDS = details<TaskRow>('fields', 'Fields', 20, ({ fields }) => fieldsText(fields));

const OF_NODE: readonly Column<TaskRow>[] = [
  WARNINGS,
  STATE,
  amount('live', 'Live', 78, ({ live }) => live),
  amount('created', 'Created', 40, ({ created }) => created),
  TOTAL,
  BUSY,
  IDLE,
  POLLS,
  LONGEST,
  KIND,
  words('name', 'Function', 60, 14, ({ name }) => name, { grows: true }),
  placed('Created at', 85, ({ place }) => place),
  FIELDS,
];

const OF_TOKIO: readonly Column<TaskRow>[] = [
  WARNINGS,
  identified(76, numberOf),
  STATE,
  words('name', 'Name', 88, 12, ({ name }) => name, { grows: true }),
  { ...TOTAL, rank: 86 },
  BUSY,
  time('scheduled', 'Sched', 50, ({ scheduled }) => scheduled),
  IDLE,
  POLLS,
  { ...LONGEST, rank: 45 },
  { ...KIND, rank: 43 },
  placed('Location', 74, ({ place }) => place),
  // The number has a column of its own
  details('fields', 'Fields', 20, ({ fields }) => fieldsText(fields.filter(({ key }) => key !== TASK_ID))),
];

function threadColumn<Row extends { readonly thread?: number }>(): Column<Row> {
  return {
    id: 'thread',
    title: 'Thread',
    width: 6,
    rank: 72,
    cell: ({ thread }) => threadWord(thread),
    key: ({ thread }) => thread ?? 0,
  };
}

/** Task columns of a source; threads only where there is more than one. */
export function taskColumns({ target }: ConsoleSnapshot): readonly Column<TaskRow>[] {
  if (target.source === 'tokio') return OF_TOKIO;
  return (target.threads ?? 1) > 1 ? [...OF_NODE.slice(0, -1), threadColumn(), FIELDS] : OF_NODE;
}

export function threadWord(thread: number | undefined): string {
  return thread === undefined || thread === 0 ? 'main' : `#${thread}`;
}

const RESOURCE_COLUMNS: readonly Column<ResourceRow>[] = [
  words('kind', 'Kind', 100, 8, ({ kind }) => kind),
  amount('opened', 'Opened', 70, ({ opened }) => opened),
  amount('closed', 'Closed', 70, ({ closed }) => closed),
  amount('live', 'Live', 90, ({ live }) => live),
  numbers(
    'age',
    'Oldest',
    50,
    DURATION_WIDTH,
    ({ age }) => age,
    (age) => (age > 0 ? duration(age) : ''),
  ),
  {
    id: 'keeps',
    title: 'Alive',
    width: 6,
    rank: 80,
    cell: ({ keepsAlive }) => (keepsAlive ? 'keeps' : ''),
    key: ({ keepsAlive }) => (keepsAlive ? 1 : 0),
  },
  words('type', 'Type', 60, 14, ({ type }) => type),
  placed('Opened at', 75, ({ place }) => place),
  details('attributes', 'Details', 65, ({ attributes }) => fieldsText(attributes)),
];

const RESOURCES_OF_TOKIO: readonly Column<ResourceRow>[] = [
  identified(80, ({ id }) => id),
  words('parent', 'Parent', 30, 6, ({ parent }) => parent ?? '', { side: 'left', isOptional: true }),
  words('kind', 'Kind', 95, 9, ({ kind }) => kind),
  words('live', 'State', 70, 5, ({ live }) => (live > 0 ? 'live' : 'done'), { key: ({ live }) => live }),
  { ...time<ResourceRow>('age', 'Total', 85, ({ age }) => age) },
  words('type', 'Type', 90, 12, ({ type }) => type, { grows: true }),
  placed('Location', 60, ({ place }) => place),
  details('attributes', 'Attributes', 65, ({ attributes }) => fieldsText(attributes)),
];

export function resourceColumns({ target }: ConsoleSnapshot): readonly Column<ResourceRow>[] {
  return target.source === 'tokio' ? RESOURCES_OF_TOKIO : RESOURCE_COLUMNS;
}

const BLOCKING_COLUMNS: readonly Column<BlockingRow>[] = [
  amount<BlockingRow & { readonly isEstimate?: boolean }>('count', 'Count', 90, (row) => row.count),
  time('total', 'Total', 80, ({ total }) => total),
  time('longest', 'Longest', 95, ({ longest }) => longest),
  time('mean', 'Mean', 40, (row) => row.total / Math.max(1, row.count)),
  words('function', 'Function', 85, 14, (row) => culprit(row)?.function || '(anonymous)', { grows: true }),
  placed('Where', 92, (row) => culprit(row)),
  details('doing', 'Doing', 60, (row) => doing(row)),
];

export function blockingColumns({ target }: ConsoleSnapshot): readonly Column<BlockingRow>[] {
  return (target.threads ?? 1) > 1 ? [...BLOCKING_COLUMNS, threadColumn()] : BLOCKING_COLUMNS;
}

/** Whose code it was: the first place that has a file of its own. */
export function culprit({ stack }: BlockingRow): SourcePlace | undefined {
  return stack.find(({ file }) => file !== '' && !file.startsWith('node:')) ?? stack[0];
}

/** What the culprit had called, where that is not its own code: `pbkdf2Sync`. */
function doing(row: BlockingRow): string {
  const found = culprit(row);
  const at = found === undefined ? -1 : row.stack.indexOf(found);
  return at > 0 ? row.stack[at - 1]!.function : '';
}

export function fieldsText(fields: readonly { readonly key: string; readonly value: string }[]): string {
  return fields.map(({ key, value }) => `${key}=${value}`).join(' ');
}
