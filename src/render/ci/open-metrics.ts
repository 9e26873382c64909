import type { CheckReport } from '../../history/check-report.ts';
import type { KeptResult } from '../../history/entry.ts';
import { baseUnit } from '../../profile/units.ts';

/**
 * All results as OpenMetrics text (the exposition format of the specification 1.0), which GitLab's metrics report compares with the
 * target branch: a gauge for each unit, the benchmark and the suite as labels, bounds as gauges beside it.
 */
export function* openMetrics({ results, suite }: CheckReport): Iterable<string> {
  const families = new Map<string, { unit: string; lines: string[] }>();
  const seen = new Set<string>();
  const add = (result: KeptResult, suffix: string, value: number | undefined): void => {
    if (value === undefined || !Number.isFinite(value)) return;
    const base = baseUnit(result.unit);
    // A count has no unit
    const unit = base?.name ?? (result.unit === 'count' ? '' : result.unit.replace(/\/s(?:ec)?$/, '_per_second'));
    const plain = unit.replace(/[^a-zA-Z0-9]+/g, '_').replace(/^_|_$/g, '');
    const name = `pforge_prof_result${suffix}${plain === '' ? '' : `_${plain}`}`;
    const labels = `{suite="${label(suite)}",name="${label(result.name)}"}`;
    // The same sample twice is an error
    if (seen.has(name + labels)) return;
    seen.add(name + labels);
    let family = families.get(name);
    if (family === undefined) {
      family = { unit: plain, lines: [] };
      families.set(name, family);
    }
    family.lines.push(`${name}${labels} ${value / (base?.count ?? 1)}\n`);
  };
  for (const result of results) {
    add(result, '', result.value);
    add(result, '_low', result.low);
    add(result, '_high', result.high);
  }
  for (const [name, { unit, lines }] of families) {
    yield `# TYPE ${name} gauge\n${unit === '' ? '' : `# UNIT ${name} ${unit}\n`}`;
    yield lines.join('');
  }
  yield '# EOF\n';
}

function label(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
