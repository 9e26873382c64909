import type { ConsoleSnapshot, SourcePlace, TaskRow } from '../../console/snapshot.ts';
import type { TextLook } from '../../terminal/text-look.ts';
import { histogramLines, percentileLine } from './poll-histogram.ts';
import { count, duration, share, wholePlace } from './quantities.ts';
import { numberOf, stateWord, threadWord } from './row-columns.ts';
import { EMPTY, joined, type Line, labelled, lineWidth, padLine, span, wrapped, wrappedText } from './spans.ts';

/** Two columns of text need this much. */
const WIDE = 120;
const HISTOGRAM_ROWS = 16;

/** Everything that is known of one task. */
export function taskDetail(task: TaskRow, snapshot: ConsoleSnapshot, look: TextLook): Line[] {
  const isWide = look.width >= WIDE;
  const width = isWide ? Math.floor((look.width - 4) / 2) : look.width;
  const left = [...overview(task, snapshot, width), ...warningLines(task.warnings, width)];
  const right = histogramBlock(task, { ...look, width });
  const top = isWide ? sideBySide(left, right, width) : [...left, EMPTY, ...right];
  return [
    ...top,
    ...block('Created at', stackLines(task.stack.length > 0 ? task.stack : task.place ? [task.place] : [])),
    ...block('Created by', ancestry(task, snapshot)),
    ...block(
      'Fields',
      task.fields.map(({ key, value }): Line => labelled(key, value)),
    ),
  ];
}

/** A title and what stands below it; nothing where there is nothing. */
export function block(title: string, lines: readonly Line[]): Line[] {
  if (lines.length === 0) return [];
  return [EMPTY, [span(title, 'bold')], ...lines.map((line): Line => [span('  '), ...line])];
}

function overview(task: TaskRow, { target }: ConsoleSnapshot, width: number): Line[] {
  const { total, busy, scheduled, idle, polls, isEstimate, wakes } = task;
  const ofTotal = (part: number): string => `${duration(part)} (${share(total > 0 ? part / total : 0)})`;
  const isGroup = target.source === 'node';
  const lines = [
    [span(task.name || '(anonymous)', 'bold'), span(`  ${task.kind}`), span(`  ${stateWord(task.state)}`, 'dim')],
    ...wrapped(
      [
        ...(isGroup
          ? [labelled('live', count(task.live, isEstimate)), labelled('created', count(task.created, isEstimate))]
          : [labelled('id', numberOf(task))]),
        ...(task.thread === undefined ? [] : [labelled('thread', threadWord(task.thread))]),
        labelled('polls', count(polls, isEstimate)),
        labelled('mean', duration(polls > 0 ? busy / polls : 0)),
        labelled('longest', duration(task.longestPoll)),
      ],
      width,
    ),
    ...wrapped(
      [
        labelled('total', duration(total)),
        labelled('busy', ofTotal(busy)),
        ...(isGroup ? [] : [labelled('scheduled', ofTotal(scheduled))]),
        labelled('idle', ofTotal(idle)),
      ],
      width,
    ),
  ];
  if (wakes !== undefined) {
    lines.push(
      ...wrapped(
        [
          labelled('woken', count(wakes.total)),
          labelled('by itself', `${count(wakes.self)} (${share(wakes.total > 0 ? wakes.self / wakes.total : 0)})`),
          labelled('wakers', count(wakes.wakers)),
          ...(wakes.last === undefined ? [] : [labelled('last woken', `${duration(wakes.last)} ago`)]),
        ],
        width,
      ),
    );
  }
  if (isEstimate) {
    lines.push([span('~ seen in windows, scaled up to the whole time; --all sees everything', 'dim')]);
  }
  return lines;
}

/** Each warning with its number of columns, below one another. */
function warningLines(warnings: TaskRow['warnings'], width: number): Line[] {
  return warnings.flatMap(({ kind, text }) => [
    EMPTY,
    [span(`! ${kind}`, 'warn')],
    ...wrappedText(text, Math.max(10, width - 2)).map((line): Line => [span('  '), ...line]),
  ]);
}

function histogramBlock({ pollTimes, scheduledTimes }: TaskRow, look: TextLook): Line[] {
  const one = (title: string, histogram: TaskRow['pollTimes']): Line[] =>
    histogram === undefined || histogram.counts.every((inBin) => inBin === 0)
      ? []
      : [
          joined([[span(title, 'bold')], ...percentileLine(histogram)]),
          ...histogramLines(histogram, { width: look.width, height: HISTOGRAM_ROWS, ascii: look.ascii }),
        ];
  const polls = one('Poll times', pollTimes);
  const scheduled = one('Scheduled times', scheduledTimes);
  return polls.length > 0 && scheduled.length > 0 ? [...polls, EMPTY, ...scheduled] : [...polls, ...scheduled];
}

/** Innermost call first: function, then place. */
export function stackLines(stack: readonly SourcePlace[]): Line[] {
  if (stack.every((place) => place.function === '')) return stack.map((place) => [span(wholePlace(place), 'accent')]);
  const widest = Math.min(32, Math.max(0, ...stack.map((place) => lineWidth([span(place.function)]))));
  return stack.map((place) => [
    ...padLine([span(place.function || '(anonymous)')], widest),
    span('  '),
    span(wholePlace(place), 'accent'),
  ]);
}

/** Chains of creators can be circles in what a program sends. */
const MOST_ANCESTORS = 50;

function ancestry(task: TaskRow, { tasks }: ConsoleSnapshot): Line[] {
  const byId = new Map(tasks.map((row) => [row.id, row]));
  const lines: Line[] = [];
  const seen = new Set([task.id]);
  for (let id = task.parent; id !== undefined && !seen.has(id) && lines.length < MOST_ANCESTORS; ) {
    seen.add(id);
    const parent = byId.get(id);
    if (parent === undefined) break;
    const { name, kind, place } = parent;
    lines.push([
      span(name || '(anonymous)'),
      span(`  ${kind}  `, 'dim'),
      span(place === undefined ? '' : wholePlace(place), 'accent'),
    ]);
    id = parent.parent;
  }
  return lines;
}

function sideBySide(left: readonly Line[], right: readonly Line[], width: number): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [
    ...padLine(left[i] ?? EMPTY, width),
    span('    '),
    ...(right[i] ?? EMPTY),
  ]);
}
