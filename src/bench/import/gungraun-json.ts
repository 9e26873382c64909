import { UserError } from '../../errors.ts';
import { JsonValue } from '../json-value.ts';
import { embeddedObjects } from './embedded-json.ts';
import { type ImportedBenchmark, type ResultFormat, single } from './result-format.ts';
import { betterOfMetric, metricTitle, unitOf } from './valgrind-metrics.ts';

/** Metrics whose names in the text are others than their keys. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['Ir', 'Instructions'],
  ['EstimatedCycles', 'Estimated Cycles'],
  ['TotalBytes', 'Total bytes'],
]);
const LAYOUT = '6';

/** gungraun's `--output-format=json`, one document a benchmark, among whatever cargo prints. */
export const gungraunJson: ResultFormat = {
  id: 'gungraun-json',
  title: 'gungraun JSON',
  detect: ({ text }) => /"module_path"\s*:/.test(text) && /"profiles"\s*:/.test(text) && /"baselines"\s*:/.test(text),
  read({ text, name }) {
    const benchmarks: ImportedBenchmark[] = [];
    const notes: string[] = [];
    for (const value of embeddedObjects(text)) {
      const document = new JsonValue(value, name);
      if (document.get('module_path') === undefined) continue;
      const version = document.get('version')?.text();
      if (version === LAYOUT) {
        const metrics = metricsOf(document);
        if (metrics.length === 0) notes.push(`${document.at('module_path').text()} has no metrics of this run`);
        benchmarks.push(...metrics);
      } else notes.push(`${document.at('module_path').text()} is in layout ${version ?? '?'}: only ${LAYOUT} is known`);
    }
    if (benchmarks.length > 0 || notes.length > 0) return { benchmarks, notes };
    throw new UserError(`${name}: no document of gungraun in it is whole`, { hint: 'is it cut off?' });
  },
};

function metricsOf(document: JsonValue): ImportedBenchmark[] {
  const [id, details] = [document.get('id')?.text(), document.get('details')?.text()];
  const name = [
    document.at('module_path').text(),
    id === undefined ? undefined : `${id}${details ? `:${details}` : ''}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
  return document
    .at('profiles')
    .list()
    .flatMap((profile) => {
      const summary = profile.at('summaries').at('total').at('summary');
      // "None": the tool has no metrics
      return summary.isObject ? summary.entries().flatMap(([, metrics]) => metrics.entries()) : [];
    })
    .flatMap(([key, entry]) => metricOf(name, NAMES.get(key) ?? key, entry.at('metrics')));
}

/** `Left`: of this run; `Both`: of this run and the one before; `Right`: only the run before has it. */
function metricOf(name: string, metric: string, values: JsonValue): ImportedBenchmark[] {
  const [own, old] = values.get('Both')?.list() ?? [values.get('Left')];
  if (own === undefined) return [];
  const value = numberOf(own);
  const before = old === undefined ? undefined : numberOf(old);
  const change = before === undefined || before === 0 ? {} : { change: { mean: { point: value / before - 1 } } };
  return [single(metricTitle(name, metric), unitOf(metric), value, { ...change, better: betterOfMetric(metric) })];
}

function numberOf(entry: JsonValue): number {
  return (entry.get('Int') ?? entry.at('Float')).number();
}
