import { percentileIn } from '../../load/histogram.ts';
import type { LoadResult, LoadWindow } from '../../load/result.ts';
import { plural } from '../../plural.ts';
import { axisTicks } from '../axis-ticks.ts';
import { escapeXml } from '../escape.ts';
import { shortTime, wrkCount } from './load-numbers.ts';
import { LEFT, PLOT, panelHead, tenths, timeGrid } from './load-svg.ts';
import { timeScale } from './time-scale.ts';

interface Place {
  readonly top: number;
  readonly height: number;
}

interface Moment {
  readonly window: LoadWindow;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

function momentsOf({ windows }: LoadResult): Moment[] {
  return windows.map((window) => {
    const { latency } = window;
    return { window, p50: percentileIn(latency, 50), p99: percentileIn(latency, 99), max: latency.max };
  });
}

/** Median, 99th percentile and largest latency of each window; a window in which nothing was answered is a gap. */
export function* latencyOverTime(result: LoadResult, { top, height }: Place): Iterable<string> {
  const moments = momentsOf(result);
  const answered = moments.filter(({ max }) => max > 0);
  const least = answered.reduce((low, { p50 }) => Math.min(low, p50), Number.POSITIVE_INFINITY);
  const most = answered.reduce((high, { max }) => Math.max(high, max), 0);
  const scale = timeScale(Number.isFinite(least) ? least : 1, most, height);
  yield panelHead(top, 'Latency over time', ['p50', 'p99', 'max']);
  yield `<g transform="translate(${LEFT} ${top})">\n`;
  yield* timeGrid(scale, height);
  yield `<path class="axis" d="M0 0V${height}H${PLOT}"/>\n`;
  for (const [i, key] of (['p50', 'p99', 'max'] as const).entries()) {
    let path = '';
    let gap = true;
    for (const moment of moments) {
      if (moment.max === 0) gap = true;
      else {
        const x = tenths(timeAt(result, moment.window.start + moment.window.seconds / 2));
        path += `${gap ? 'M' : 'L'}${x} ${tenths(height - scale.at(moment[key]))}${gap ? 'h.1' : ''}`;
        gap = false;
      }
    }
    yield `<path class="curve thin ${'abc'[i]}" d="${path}"/>\n`;
  }
  for (const { window, p50, p99, max } of moments) {
    const words = `${window.start.toFixed(1)} s: p50 ${shortTime(p50)}, p99 ${shortTime(p99)}, max ${shortTime(max)}`;
    yield hit(result, window, height, words);
  }
  yield '</g>\n';
}

/** Requests a second of each window, failed ones as bars of their own. */
export function* rateOverTime(result: LoadResult, { top, height }: Place): Iterable<string> {
  const { windows } = result;
  const rateOf = (count: number, { seconds }: LoadWindow): number => count / Math.max(1e-3, seconds);
  const rates = windows.map((window) => rateOf(window.requests, window));
  const failures = windows.map((window) => rateOf(window.failed, window));
  const ticks = axisTicks(Math.max(1, ...rates, ...failures), 4);
  const most = ticks.at(-1)!;
  const y = (rate: number): number => tenths(height - (rate / most) * height);
  yield panelHead(top, 'Requests a second', []);
  yield `<g transform="translate(${LEFT} ${top})">\n`;
  for (const tick of ticks) {
    const label = tick === 0 ? '0' : wrkCount(tick).replace(/\.?0+(?=[kMG]?$)/, '');
    yield `<path class="grid" d="M0 ${y(tick)}H${PLOT}"/><text class="end" x="-8" y="${y(tick) + 4}">${label}</text>\n`;
  }
  let steps = `M0 ${height}`;
  for (const [i, window] of windows.entries()) {
    steps += `V${y(rates[i]!)}H${tenths(timeAt(result, window.start + window.seconds))}`;
  }
  yield `<path class="area" d="${steps}V${height}Z"/>\n`;
  for (const [i, window] of windows.entries()) {
    if (failures[i]! === 0) continue;
    const x = tenths(timeAt(result, window.start));
    const wide = Math.max(1, tenths(timeAt(result, window.start + window.seconds)) - x);
    // A single failure among thousands is still to be seen
    const tall = Math.max(2, tenths(height - y(failures[i]!)));
    yield `<rect class="failed" x="${x}" y="${tenths(height - tall)}" width="${wide}" height="${tall}"/>\n`;
  }
  for (const window of windows) {
    yield hit(
      result,
      window,
      height,
      `${window.start.toFixed(1)} s: ${window.requests} ${plural(window.requests, 'request')}, ${window.failed} failed`,
    );
  }
  yield `<path class="axis" d="M0 0V${height}H${PLOT}"/>\n`;
  for (const tick of axisTicks(result.seconds, 10)) {
    if (tick > result.seconds * 1.001) continue;
    yield `<text class="middle" x="${tenths(timeAt(result, tick))}" y="${height + 20}">${tick}</text>`;
  }
  yield `\n<text class="end" x="${PLOT}" y="${height + 38}">seconds</text>\n</g>\n`;
}

function timeAt({ seconds }: LoadResult, time: number): number {
  return Math.min(1, time / Math.max(1e-3, seconds)) * PLOT;
}

/** What a window holds, where it is pointed at. */
function hit(result: LoadResult, window: LoadWindow, height: number, words: string): string {
  const x = tenths(timeAt(result, window.start));
  const wide = Math.max(0.5, tenths(timeAt(result, window.start + window.seconds) - x));
  return `<rect class="hit" x="${x}" width="${tenths(wide)}" height="${height}"><title>${escapeXml(words)}</title></rect>\n`;
}
