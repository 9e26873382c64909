import type { LoopMoment } from '../../console/loop-history.ts';
import { padColumns } from '../../terminal/string-width.ts';
import type { TextLook } from '../../terminal/text-look.ts';
import { bytes, count, DURATION_WIDTH, duration, share } from './quantities.ts';
import { EMPTY, type Line, span, type Tone } from './spans.ts';
import { sparkline } from './sparkline.ts';

const LABEL = 14;
const VALUE = 9;
/** A delay that people notice, and one that is an outage. */
const LATE = 50e6;
const VERY_LATE = 500e6;

/** A figure over time: what it is now, its peak, and its course. */
interface Course {
  readonly label: string;
  readonly value: (moment: LoopMoment) => number;
  readonly text: (value: number) => string;
  /** What a full column stands for, where that is known. */
  readonly top?: number;
  readonly tone?: (value: number) => Tone;
}

const DELAYS: readonly Course[] = (
  [
    ['p50', 'p50'],
    ['p90', 'p90'],
    ['p99', 'p99'],
    ['p99.9', 'p999'],
    ['max', 'max'],
  ] as const
).map(([label, key]) => ({
  label: `  ${label}`,
  value: ({ loop }: LoopMoment) => loop.delay[key],
  text: duration,
  tone: (value: number): Tone => (value >= VERY_LATE ? 'bad' : value >= LATE ? 'warn' : 'plain'),
}));

const LOADS: readonly Course[] = [
  {
    label: 'Utilization',
    value: ({ loop }) => loop.utilization,
    text: share,
    top: 1,
    tone: (value) => (value >= 0.95 ? 'bad' : value >= 0.8 ? 'warn' : 'plain'),
  },
  { label: 'CPU', value: ({ loop }) => loop.cpu, text: share },
];

const MEMORY: readonly Course[] = [
  { label: '  resident', value: ({ loop }) => loop.memory.rss, text: bytes },
  { label: '  heap used', value: ({ loop }) => loop.memory.heapUsed, text: bytes },
  { label: '  heap', value: ({ loop }) => loop.memory.heapTotal, text: bytes },
  { label: '  external', value: ({ loop }) => loop.memory.external, text: bytes },
];

/** The event loop now and over the last minutes. @param moments the last is now */
export function loopLines(moments: readonly LoopMoment[], look: TextLook): Line[] {
  const last = moments.at(-1);
  if (last === undefined) return [[span('The source tells nothing of an event loop.', 'dim')]];
  const chart = Math.max(0, look.width - LABEL - 2 * VALUE - 3);
  const course = (one: Course): Line => courseLine(one, moments, chart, look.ascii);
  const span_ = duration(
    Math.min(moments.length, chart) > 1 ? (last.time - moments.at(-Math.min(moments.length, chart))!.time) * 1e6 : 0,
  );
  return [
    [
      span(padColumns('', LABEL)),
      span(padColumns('now', VALUE, 'left'), 'dim'),
      span(padColumns('peak', VALUE, 'left'), 'dim'),
      span(`   over ${span_}`, 'dim'),
    ],
    ...LOADS.map(course),
    [span('Delay', 'bold'), span('  how late callbacks run', 'dim')],
    ...DELAYS.map(course),
    [span('Memory', 'bold')],
    ...MEMORY.map(course),
    ...gcLines(moments),
  ];
}

function courseLine(
  { label, value, text, top, tone }: Course,
  moments: readonly LoopMoment[],
  width: number,
  ascii: boolean,
): Line {
  const values = moments.map(value);
  const now = values.at(-1)!;
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return [
    span(padColumns(label, LABEL), 'plain'),
    span(padColumns(text(now), VALUE, 'left'), tone?.(now) ?? 'plain'),
    span(padColumns(text(most), VALUE, 'left'), tone?.(most) ?? 'plain'),
    span('   '),
    span(sparkline(values, Math.min(width, values.length), top ?? most, ascii), 'accent'),
  ];
}

function gcLines(moments: readonly LoopMoment[]): Line[] {
  const kinds = new Map<string, { count: number; total: number; longest: number }>();
  for (const { loop } of moments) {
    for (const { kind, count: runs, total, longest } of loop.gc) {
      const sum = kinds.get(kind) ?? { count: 0, total: 0, longest: 0 };
      kinds.set(kind, { count: sum.count + runs, total: sum.total + total, longest: Math.max(sum.longest, longest) });
    }
  }
  if (kinds.size === 0) return [[span('GC', 'bold'), span('  none seen yet', 'dim')]];
  const cell = (text: string, width = VALUE): string => padColumns(text, width, 'left');
  return [
    [span(padColumns('GC', LABEL), 'bold'), span(cell('runs') + cell('total') + cell('longest') + cell('mean'), 'dim')],
    ...[...kinds]
      .sort(([, a], [, b]) => b.total - a.total)
      .map(
        ([kind, { count: runs, total, longest }]): Line => [
          span(padColumns(`  ${kind}`.slice(0, LABEL), LABEL)),
          span(cell(count(runs)) + cell(duration(total), VALUE)),
          span(cell(duration(longest)), longest >= LATE ? 'warn' : 'plain'),
          span(cell(duration(runs > 0 ? total / runs : 0), Math.max(VALUE, DURATION_WIDTH))),
        ],
      ),
    EMPTY,
  ];
}
