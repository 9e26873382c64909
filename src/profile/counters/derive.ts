import type { CounterRuns } from './counter-runs.ts';
import { CounterTable } from './counter-table.ts';
import { DERIVED_RULES, type DerivedRule } from './derived-rules.ts';
import { type Spread, spreadOf } from './spread.ts';

/** A number worked out from counters. */
export interface Derived {
  /** `ipc`; on processors with two kinds of cores `cpu_atom/ipc`. */
  readonly name: string;
  readonly value: number;
  /** Behind the number: `insn per cycle`, `% of all branches`. */
  readonly unit: string;
  /** The name of the event beside which it stands, and the kind of cores. */
  readonly beside: string;
  readonly pmu: string;
  /** One value a run. */
  readonly values: Float64Array;
  readonly spread: Spread;
  /** What the value means, in words; '' where it says nothing. */
  readonly meaning: string;
  /** The words depend on the value. */
  readonly judged: boolean;
}

/** Works out, run by run, what the counters that were counted allow. */
export function derive(runs: Pick<CounterRuns, 'counters'>): Derived[] {
  const table = new CounterTable(runs);
  const found: Derived[] = [];
  for (const pmu of table.pmus) {
    for (const rule of DERIVED_RULES) {
      const one = apply(rule, table, pmu);
      // What does not depend on the kind of cores is told once
      if (one !== undefined && !found.some(({ name }) => name === one.name)) found.push(one);
    }
  }
  return found;
}

function apply(rule: DerivedRule, table: CounterTable, pmu: string): Derived | undefined {
  const columns = rule.needs.map((event) => table.values(event, pmu));
  if (columns.includes(undefined)) return undefined;
  const values = new Float64Array(table.length);
  for (let run = 0; run < values.length; run++) {
    const value = rule.of(columns.map((column) => column![run] ?? Number.NaN));
    values[run] = Number.isFinite(value) ? value : Number.NaN;
  }
  const spread = spreadOf(values);
  if (spread.count === 0) return undefined;
  const ofCores = pmu !== '' && rule.needs.some((event) => table.find(event, pmu) !== table.find(event));
  return {
    name: ofCores ? `${pmu}/${rule.name}` : rule.name,
    value: spread.mean,
    unit: rule.unit,
    beside: rule.beside,
    pmu: ofCores ? pmu : '',
    values,
    spread,
    meaning: typeof rule.means === 'string' ? rule.means : rule.means(spread.mean),
    judged: typeof rule.means !== 'string',
  };
}
