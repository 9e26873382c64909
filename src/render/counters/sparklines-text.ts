import { seriesRates } from '../../profile/counters/series-rates.ts';
import type { Series } from '../../profile/profile.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenMiddle } from '../../terminal/string-width.ts';
import { rateText } from './rate-text.ts';

const BARS = '▁▂▃▄▅▆▇█';
const ASCII_BARS = '_.-:=+*#';
const LONGEST_NAME = 24;

/**
 * Each series as one line: a bar an interval, from 0 to the largest; where there are more intervals than columns, a bar
 * is the largest of several, as what sticks out is what one looks for.
 */
export function sparklines(
  series: readonly Series[],
  { width, ascii = false }: { readonly width: number; readonly ascii?: boolean },
): string[] {
  const drawn = series.filter(({ value }) => value.length > 1).map(seriesRates);
  if (drawn.length === 0) return [];
  const names = drawn.map(({ name }) => shortenMiddle(escapeTerminal(name), LONGEST_NAME));
  const ranges = drawn.map(({ value, unit }) => {
    let [least, most] = [Number.POSITIVE_INFINITY, 0];
    for (const one of value) {
      least = Math.min(least, one);
      most = Math.max(most, one);
    }
    return { most, text: escapeTerminal(`${rateText(least, unit)} to ${rateText(most, unit)}`) };
  });
  const nameWidth = Math.max(...names.map((name) => name.length));
  const rangeWidth = Math.max(...ranges.map(({ text }) => text.length));
  const room = Math.max(8, width - nameWidth - rangeWidth - 6);
  const last = drawn.reduce((latest, { end }) => Math.max(latest, end.at(-1) ?? 0), 0);
  return [
    '',
    ` over ${(last / 1e9).toFixed(1)} s, per second, from 0 to the largest:`,
    ...drawn.map(({ value }, i) => {
      const bars = barsOf(value, ranges[i]!.most, room, ascii ? ASCII_BARS : BARS);
      return `  ${padColumns(names[i]!, nameWidth)}  ${ranges[i]!.text.padEnd(rangeWidth)}  ${bars}`;
    }),
  ];
}

function barsOf(values: Float64Array, most: number, room: number, bars: string): string {
  const columns = Math.min(room, values.length);
  let text = '';
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    let height = 0;
    for (let i = from; i < to; i++) height = Math.max(height, values[i]!);
    const step = most === 0 ? 0 : Math.min(bars.length - 1, Math.floor((height / most) * bars.length));
    text += bars[step];
  }
  return text;
}
