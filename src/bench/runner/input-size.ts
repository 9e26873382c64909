import type { BenchResult } from './result.ts';
import { typicalOf } from './result.ts';

/** Inputs must differ by this factor, and times by less than that part, to be told. */
const LARGER = 8;
const ALIKE = 0.1;

/**
 * Benchmarks that take as long for large inputs as for small ones: what they should do may have been done once, before.
 * @returns a line for each function
 */
export function independentOfInput(results: readonly BenchResult[]): string[] {
  const functions = new Map<string, { readonly name: string; readonly rows: { size: number; time: number }[] }>();
  for (const { found, head } of results) {
    const { group, function: name, value } = found.id;
    if (head === undefined || head.medians.length === 0 || value === undefined || !/^\d+(\.\d+)?$/.test(value))
      continue;
    const key = JSON.stringify([group, name]);
    const known = functions.get(key) ?? { name: name === undefined ? group : `${group}/${name}`, rows: [] };
    functions.set(key, known);
    known.rows.push({ size: Number(value), time: typicalOf(head.medians).point });
  }
  return [...functions.values()].flatMap(({ name, rows }) => {
    const sizes = rows.map(({ size }) => size).filter((size) => size > 0);
    const times = rows.map(({ time }) => time);
    const [small, large] = [Math.min(...sizes), Math.max(...sizes)];
    if (sizes.length < 2 || large < LARGER * small) return [];
    if (Math.max(...times) > (1 + ALIKE) * Math.min(...times)) return [];
    return [`${name} takes as long for ${small} as for ${large}: is its input used, and not always the same result?`];
  });
}
