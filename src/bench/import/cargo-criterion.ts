import { JsonValue } from '../json-value.ts';
import { embeddedObjects } from './embedded-json.ts';
import type { ImportedBenchmark, KnownEstimate, ResultFormat } from './result-format.ts';
import { normalized } from './time-units.ts';

/** `cargo criterion --message-format=json`: one object a line, `benchmark-complete` with all samples. */
export const cargoCriterion: ResultFormat = {
  id: 'cargo-criterion',
  title: 'cargo-criterion JSON lines',
  detect: ({ text }) => /"reason"\s*:\s*"(?:benchmark|group)-complete"/.test(text),
  read({ text, name }) {
    const benchmarks: ImportedBenchmark[] = [];
    for (const value of embeddedObjects(text)) {
      const message = new JsonValue(value, name);
      if (message.get('reason')?.text() === 'benchmark-complete') benchmarks.push(benchmarkOf(message));
    }
    return { benchmarks, notes: [] };
  },
};

function benchmarkOf(message: JsonValue): ImportedBenchmark {
  const known = (key: string): KnownEstimate | undefined => {
    const one = message.get(key);
    return one === undefined ? undefined : estimateOf(one);
  };
  const estimates = Object.entries({
    mean: known('mean') ?? known('typical'),
    median: known('median'),
    median_abs_dev: known('median_abs_dev'),
    slope: known('slope'),
  }).filter(([, one]) => one !== undefined);
  const unit = message.get('unit')?.text() ?? 'ns';
  const scale = normalized(1, unit);
  const [iterations, values] = [message.get('iteration_count')?.numbers(), message.get('measured_values')?.numbers()];
  const change = message.get('change');
  const whole =
    iterations !== undefined && values !== undefined && values.length > 1 && iterations.length === values.length;
  return {
    name: message.at('id').text(),
    unit: scale.unit,
    better: 'smaller',
    estimates: Object.fromEntries(estimates),
    ...(whole
      ? {
          samples: {
            values: Float64Array.from(values, (value) => value * scale.value),
            iterations: Float64Array.from(iterations),
            samplingMode: iterations.every((count) => count === iterations[0])
              ? ('Flat' as const)
              : ('Linear' as const),
          },
        }
      : {}),
    ...(change === undefined
      ? {}
      : { change: { mean: estimateOf(change.at('mean')), median: estimateOf(change.at('median')) } }),
  };
}

function estimateOf(entry: JsonValue): KnownEstimate {
  const unit = entry.get('unit')?.text() ?? 'ns';
  const of = (key: string): number => normalized(entry.at(key).number(), unit).value;
  return { point: of('estimate'), lower: of('lower_bound'), upper: of('upper_bound') };
}
