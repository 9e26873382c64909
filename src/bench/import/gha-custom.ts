import type { JsonValue } from '../json-value.ts';
import { type ImportedBenchmark, type KnownEstimate, type ResultFormat, single } from './result-format.ts';
import { betterOf, normalized } from './time-units.ts';

/** `customSmallerIsBetter`, `customBiggerIsBetter` of github-action-benchmark: a list of names, values and units. */
export const ghaCustom: ResultFormat = {
  id: 'gha-custom',
  title: 'github-action-benchmark custom JSON',
  detect: ({ json }) => {
    const first = json?.isList === true ? json.list()[0] : undefined;
    return first?.get('name') !== undefined && first.get('value') !== undefined && first.get('unit') !== undefined;
  },
  read({ json, name }) {
    // Nothing in the file says which way is better but, often, its name
    const told = /bigger/i.test(name) ? 'bigger' : /smaller/i.test(name) ? 'smaller' : undefined;
    return { benchmarks: json!.list().map((entry) => customBenchmark(entry, told)), notes: [] };
  },
};

/** One `{ name, value, unit, range? }`. @param told which way is better, where that is known */
export function customBenchmark(entry: JsonValue, told: 'smaller' | 'bigger' | undefined): ImportedBenchmark {
  const unit = entry.at('unit').text();
  const point = normalized(entry.at('value').number(), unit);
  const scale = point.unit === 'ns' ? normalized(1, unit).value : 1;
  const range = rangeOf(entry.get('range'), point.value, scale);
  const mean: KnownEstimate = {
    point: point.value,
    ...(range === undefined ? {} : { lower: point.value - range, upper: point.value + range }),
  };
  return single(entry.at('name').text(), point.unit, mean, { better: told ?? betterOf(unit) });
}

/** `± 3`, `3`, `5%`, `+/- 2`: half the width of what the harness takes for the range. */
function rangeOf(range: JsonValue | undefined, value: number, scale: number): number | undefined {
  const text = range === undefined ? '' : range.isText ? range.text() : String(range.number());
  const [, digits, percent] = /^\s*(?:±|\+\/-|\+-)?\s*([\d.,]+(?:e[+-]?\d+)?)\s*(%?)\s*$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits.replaceAll(',', ''));
  if (!Number.isFinite(number)) return undefined;
  return percent === '%' ? (value * number) / 100 : number * scale;
}
