import pc from 'picocolors';
import { changeVerb } from '../history/change-words.ts';
import type { KeptCommit } from '../history/entry.ts';
import type { JudgedSeries, SeriesChange } from '../history/series.ts';
import { formatValue } from '../profile/units.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import type { TextLook } from '../terminal/text-look.ts';
import { type TextColumn, tableLines } from './diff/columns-text.ts';

const LEVELS = '▁▂▃▄▅▆▇█';
const ASCII_LEVELS = '_.-=^*%#';
/** Values that are drawn. */
const DRAWN = 24;
const LEAST_NAME = 16;
const SHORT_ID = 9;

/** Series, a line each with their last value and how they went, then what changed. Ends in a newline. */
export function historyText(series: readonly JudgedSeries[], look: TextLook): string {
  const { bold, dim, red, green } = pc.createColors(look.color);
  const paint = ({ verdict }: SeriesChange) => (verdict === 'regressed' ? red : green);
  const name = seriesNames(series);
  const lastChange = series.map(({ changes }) => changes.at(-1));
  const column = (title: string, cells: readonly string[], more: Partial<TextColumn>): TextColumn => ({
    title,
    cells,
    side: 'left',
    dispensable: 0,
    ...more,
  });
  const columns: TextColumn[] = [
    column('series', series.map(name), { side: 'right', least: LEAST_NAME }),
    column('last', series.map(lastValue), {}),
    column(
      'runs',
      series.map(({ values }) => String(values.length)),
      { dispensable: 2 },
    ),
    column(
      'course',
      series.map((one) => course(one, look.ascii)),
      { side: 'right', dispensable: 1 },
    ),
    column(
      'since',
      lastChange.map((change) => (change ? `${shortId(change.commit)} ${changeWords(change)}` : '')),
      {
        side: 'right',
        paint: (text, row) => (lastChange[row] ? paint(lastChange[row])(text) : text),
      },
    ),
  ];
  const lines = tableLines(columns, series.length, look.width, dim);
  const changed = series.filter(({ changes }) => changes.length > 0);
  for (const one of changed) {
    lines.push('', bold(name(one)));
    for (const change of one.changes) {
      const { before, after, commit } = change;
      const values = `${valueWords(before, one.unit)} -> ${valueWords(after, one.unit)}`;
      const subject = commit.subject === undefined ? '' : `  ${escapeTerminal(commit.subject)}`;
      lines.push(
        `  ${shortId(commit)}  ${paint(change)(`${changeVerb(change)} ${changeWords(change)}`)}  ${values}${dim(subject)}`,
      );
    }
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

type NamedSeries = Pick<JudgedSeries, 'suite' | 'name' | 'machine'>;

/** How series are called: `suite: name`, with the machine where there are several. */
export function seriesNames(all: readonly NamedSeries[]): (one: NamedSeries) => string {
  const several = new Set(all.map(({ machine }) => machine)).size > 1;
  return ({ suite, name, machine }) =>
    escapeTerminal(`${suite === '' ? '' : `${suite}: `}${name}${several ? ` (${machine})` : ''}`);
}

export function shortId({ id, dirty }: KeptCommit): string {
  return escapeTerminal(id === '' ? '(none)' : `${id.slice(0, SHORT_ID)}${dirty ? '+' : ''}`);
}

/** `+4.2 %` */
export function changeWords({ change }: Pick<SeriesChange, 'change'>): string {
  return `${change > 0 ? '+' : ''}${(change * 100).toFixed(1)} %`;
}

export function valueWords(value: number, unit: string): string {
  // Of a few nanoseconds the parts count
  if (unit === 'ns' && Math.abs(value) < 100) return `${Number(value.toPrecision(3))} ns`;
  return escapeTerminal(formatValue(value, unit));
}

function lastValue({ values, unit }: JudgedSeries): string {
  return valueWords(values.at(-1)!.value, unit);
}

/** The last values as bars, from the least to the most. */
function course({ values }: JudgedSeries, ascii: boolean): string {
  const drawn = values.slice(-DRAWN).map(({ value }) => value);
  const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
  const levels = ascii ? ASCII_LEVELS : LEVELS;
  const level = (value: number): number =>
    high > low ? Math.round(((value - low) / (high - low)) * (levels.length - 1)) : 0;
  return drawn.map((value) => levels[level(value)]).join('');
}
