import { headLines } from '../text/lines.ts';

/** How the output of perf stat in a file is laid out. */
export type Layout =
  | { readonly kind: 'text' }
  | { readonly kind: 'json' }
  /** `localised`: numbers have the decimal sign that is the separator too. */
  | { readonly kind: 'csv'; readonly separator: string; readonly localised: boolean }
  /** `--metric-only` with -x or -j: numbers that were worked out, without the counts that they are of. */
  | { readonly kind: 'metrics' }
  /** What `pforge-prof perf-stat --json` wrote. */
  | { readonly kind: 'own' };

const TEXT = /^\s*Performance counter stats for .+:\s*$|^#\s{5,}time\s+\S/;
/** The first line of whatever `perf stat -o` writes. */
const STARTED = /^# started on \w{3} \w{3} /;
const JSON_LINE =
  /^\{"(?:interval|thread|cpu|core|cluster|die|cache|socket|node|cgroup|counter-value|metric-value)" : .*"(?:counter-value|metric-value)" : |^\{"(?:counter|metric)-value" : /;
const OWN = /^\s*\{\s*"version"\s*:\s*\d+\s*,\s*"kind"\s*:\s*"perf-stat"/;

/** Metrics alone: perf 6.1 has numbers in braces of their own, without their units; newer ones have names for numbers. */
const METRICS_JSON =
  /^\{.*"metric-value" : "[^"]*"\}|^\{\s*"unit" : |^\{[^{}]*"(?:GHz|insn per cycle|CPUs utilized)" : "/;
/** The names of metrics, or below them numbers that may be empty: each has a separator behind it. */
const METRICS_NAMES = /^(?:.*[,;|:\t])?(?:GHz|insn per cycle|CPUs utilized)([,;|:\t])(?:.*\1)?$/;
const METRICS_ROW = /^\s*(?:time|cpu|core|cluster|die|cache|socket|node|[\d.]*)([,;|:\t])/;

/** Longer lines are no rows. */
const LONGEST = 1_000;

/**
 * The layout of perf stat's output, by the first 4 KiB.
 * @returns undefined where it is none of perf stat
 */
export function detectLayout(head: Uint8Array): Layout | undefined {
  const all = headLines(head);
  if (OWN.test(all.slice(0, 3).join(' ').slice(0, LONGEST))) return { kind: 'own' };
  const lines = all.filter((line) => line.length < LONGEST && line.trim() !== '');
  for (const line of lines) {
    if (TEXT.test(line)) return { kind: 'text' };
    if (METRICS_JSON.test(line)) return { kind: 'metrics' };
    if (JSON_LINE.test(line)) return { kind: 'json' };
    const csv = line.startsWith('#') ? undefined : csvLayout(line);
    if (csv !== undefined) return csv;
    if (METRICS_NAMES.test(line)) return { kind: 'metrics' };
  }
  if (!lines.some((line) => STARTED.test(line))) return undefined;
  return { kind: lines.some((line) => METRICS_ROW.test(line)) ? 'metrics' : 'text' };
}

const NANOSECONDS = /^\s*\d+$/;
const VALUE = /^\s*(?:-?\d+(?:[.,]\d+)?|<not (?:supported|counted)>)$/;

/**
 * The layout of a row of `perf stat -x SEPARATOR`, whatever the separator is: it stands between the nanoseconds for
 * which the event ran and the percentage, which has two decimals always, and what is split by it is a value, a unit or
 * none, and an event.
 */
function csvLayout(line: string): Layout | undefined {
  // Tables that quote are other programs'
  if (line.includes('"')) return undefined;
  for (const [, separator, percent] of line.matchAll(/\d(\D{1,8})(\d{1,3}[.,]\d\d)(?=\1|\s*$)/g)) {
    const fields = line.split(separator!);
    const ran = fields.findIndex((field, i) => i >= 3 && field === percent) - 1;
    if (ran >= 0 && !NANOSECONDS.test(fields[ran]!)) continue;
    const localised = percent!.includes(separator!);
    if (localised && fields.length >= 6 && VALUE.test(fields[0]!))
      return { kind: 'csv', separator: separator!, localised };
    const event = ran >= 1 && fields[ran - 1]!.endsWith('%') ? ran - 2 : ran - 1;
    // With a cgroup its name stands behind the event
    for (const at of [event, event - 1]) {
      if (at < 2 || fields[at]!.trim() === '' || VALUE.test(fields[at]!) || !VALUE.test(fields[at - 2]!)) continue;
      return { kind: 'csv', separator: separator!, localised };
    }
  }
  return undefined;
}
