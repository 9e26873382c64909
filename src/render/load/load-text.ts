import {
  ERROR_KINDS,
  type Latency,
  type LoadErrors,
  type LoadResult,
  PERCENTS,
  percentileOf,
} from '../../load/result.ts';
import { judgedLatency, type Verdict } from '../../load/thresholds.ts';
import { plural } from '../../plural.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { percentileSpectrum } from './hgrm.ts';
import { measuredText, shortTime, wrkBytes, wrkCount, wrkTime } from './load-numbers.ts';
import type { LoadReport, ServerSide } from './load-report.ts';

/**
 * The report in wrk's layout (wrk 4.1, `print_stats`), so that whatever reads wrk reads this; what wrk does not know comes
 * after it.
 * @param detailed also the whole spectrum of percentiles, as wrk2 has it
 */
export function* loadText({ result, server, verdicts }: LoadReport, detailed: boolean): Iterable<string> {
  const { threads, connections, seconds, requests, bytes, rate } = result;
  const rated = rate === undefined ? '' : ` at ${Number(rate.toFixed(3))} requests/s`;
  yield `Running ${durationWords(seconds)} test @ ${escapeTerminal(result.url || result.engine)}\n`;
  if (connections !== undefined) {
    yield `  ${threads ?? 1} threads and ${connections} connections${rated}\n`;
  }
  yield* threadStats(result);
  yield* distribution(result);
  yield `  ${requests} requests in ${wrkTime(seconds * 1e6)}, ${wrkBytes(bytes)} read\n`;
  const { connect, reset, parse, timeout, status } = result.errors;
  if (connect + reset + parse + timeout > 0) {
    yield `  Socket errors: connect ${connect}, read ${reset + parse}, write 0, timeout ${timeout}\n`;
  }
  if (status > 0) yield `  Non-2xx or 3xx responses: ${status}\n`;
  const perSecond = (value: number): number => (seconds > 0 ? value / seconds : 0);
  yield `Requests/sec: ${perSecond(requests).toFixed(2).padStart(9)}\n`;
  yield `Transfer/sec: ${wrkBytes(perSecond(bytes)).padStart(11)}\n`;
  yield* errorLines(result);
  yield* eventLines(result);
  if (detailed) {
    const { histogram } = judgedLatency(result);
    if (histogram !== undefined && histogram.count > 0) {
      yield '\n  Detailed Percentile spectrum (ms):\n';
      yield* percentileSpectrum(histogram);
    }
  }
  if (server !== undefined) yield* serverLines(server, seconds);
  if (verdicts.length > 0) yield* verdictLines(verdicts);
}

function durationWords(seconds: number): string {
  if (seconds >= 0.95) return `${Math.round(seconds)}s`;
  return wrkTime(Math.round(seconds * 1e3) * 1e3).replace(/\.0+(?=[a-z])/, '');
}

function* threadStats(result: LoadResult): Iterable<string> {
  const { latency, corrected, threadRates } = result;
  yield `  Thread Stats${'Avg'.padStart(6)}${'Stdev'.padStart(11)}${'Max'.padStart(8)}${'+/- Stdev'.padStart(12)}\n`;
  yield statsLine('Latency', corrected ?? latency, wrkTime);
  if (corrected !== undefined) yield statsLine('From send', latency, wrkTime);
  if (threadRates !== undefined) yield statsLine('Req/Sec', threadRates, wrkCount);
}

function statsLine(
  name: string,
  { mean, stdev, max, withinStdev }: Latency,
  format: (value: number) => string,
): string {
  const cell = (value: number | undefined, width: number): string =>
    value === undefined ? '-'.padStart(width - 2).padEnd(width) : withUnit(format(value), width);
  const share = withinStdev === undefined ? '-' : `${(withinStdev * 100).toFixed(2)}%`;
  return `    ${name.padEnd(10)}${cell(mean, 8)}${cell(stdev, 10)}${cell(max, 9)}${share.padStart(9)}\n`;
}

/** wrk aligns numbers, not units: a unit has two columns. */
function withUnit(text: string, width: number): string {
  const room = 2 - (/[a-zA-Z]*$/.exec(text)?.[0].length ?? 0);
  return text.padStart(width - room) + ' '.repeat(room);
}

function* distribution({ latency, corrected }: LoadResult): Iterable<string> {
  const shown = corrected ?? latency;
  const rows =
    shown.histogram === undefined
      ? shown.percentiles.map(({ percent }) => percent).filter((percent) => percent >= 50)
      : PERCENTS;
  if (rows.length === 0 || shown.count === 0) return;
  yield `  Latency Distribution${corrected === undefined ? '' : '   (from when due; then: from when sent)'}\n`;
  for (const percent of rows) {
    const value = percentileOf(shown, percent);
    if (value === undefined) continue;
    const sent = corrected === undefined ? '' : withUnit(wrkTime(percentileOf(latency, percent) ?? 0), 12);
    yield `${String(percent).padStart(7)}%${withUnit(wrkTime(value), 10)}${sent}`.trimEnd();
    yield '\n';
  }
}

const ERROR_WORDS: Record<keyof LoadErrors, string> = {
  connect: 'could not connect',
  refused: 'refused',
  reset: 'reset or closed without a whole answer',
  truncated: 'cut off amid an answer',
  timeout: 'timed out',
  parse: 'no HTTP',
  status: 'bad status',
  mismatch: 'another body than expected',
};

/** What failed and why, with an example of each. */
function* errorLines({ errors, examples, statuses, unanswered, unsent }: LoadResult): Iterable<string> {
  const kinds = ERROR_KINDS.filter((kind) => errors[kind] > 0);
  if (kinds.length > 0) yield 'Errors:\n';
  for (const kind of kinds) {
    const example = examples.get(kind);
    const part = kind === 'refused' || kind === 'truncated' ? '  of them ' : '';
    const words = kind === 'status' ? statusWords(statuses) : example;
    const why = words === undefined || words === '' ? '' : `: ${escapeTerminal(words)}`;
    yield `  ${String(errors[kind]).padStart(8)} ${part}${ERROR_WORDS[kind]}${why}\n`;
  }
  if (unanswered > 0) yield `  ${String(unanswered).padStart(8)} without an answer when the time was over\n`;
  if (unsent > 0) yield `  ${String(unsent).padStart(8)} due and never sent: all connections were busy\n`;
}

function statusWords(statuses: ReadonlyMap<number, number>): string {
  return [...statuses].map(([status, count]) => `${status}: ${count}`).join(', ');
}

function* eventLines({ events }: LoadResult): Iterable<string> {
  if (events === undefined) return;
  const { streams, eventsPerSecond, firstEvent, gap } = events;
  const times = (latency: Latency): string =>
    [50, 99]
      .map((percent) => `p${percent} ${shortTime(percentileOf(latency, percent) ?? 0)}`)
      .concat(`max ${shortTime(latency.max ?? 0)}`)
      .join(', ');
  yield `Event streams: ${streams} ${plural(streams, 'stream')}, ${events.events} ${plural(events.events, 'event')}\n`;
  yield `  Events/sec:   ${eventsPerSecond.toFixed(2).padStart(9)}\n`;
  yield `  First event:  ${times(firstEvent)}\n`;
  if ((gap.count ?? 0) > 0) yield `  Between them: ${times(gap)}\n`;
}

function* serverLines(
  { pid, program, cpuSeconds, rss, maxRss, eventLoop }: ServerSide,
  seconds: number,
): Iterable<string> {
  yield `Server: ${escapeTerminal(program.join(' '))} (pid ${pid})\n`;
  const cores = seconds > 0 ? `${((cpuSeconds / seconds) * 100).toFixed(0)} % of one core` : '';
  yield `  CPU         ${cpuSeconds.toFixed(2)} s, ${cores}\n`;
  yield `  Memory      ${wrkBytes(rss)} resident on average, ${wrkBytes(maxRss)} at most\n`;
  if (eventLoop === undefined) return;
  const { utilization, delay } = eventLoop;
  const late = `p50 ${shortTime(delay.p50)}, p99 ${shortTime(delay.p99)}, max ${shortTime(delay.max)}`;
  yield `  Event loop  ${(utilization * 100).toFixed(1)} % busy, late by ${late}\n`;
}

function* verdictLines(verdicts: readonly Verdict[]): Iterable<string> {
  const widest = Math.max(...verdicts.map(({ threshold }) => threshold.text.length));
  yield 'Thresholds:\n';
  for (const { threshold, value, kept } of verdicts) {
    yield `  ${kept ? 'ok  ' : 'FAIL'}  ${escapeTerminal(threshold.text).padEnd(widest)}  ${measuredText(value, threshold)}\n`;
  }
}
