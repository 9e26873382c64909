import type { JsonValue } from '../json-value.ts';
import { averages, type ImportedBenchmark, type ResultFormat } from './result-format.ts';
import { nanosecondsIn } from './time-units.ts';

/** JMH tells the error of 99.9 % intervals. */
const JMH_LEVEL = 0.999;

/** `-rf json`: throughput (bigger is better) stays a rate, times an operation become nanoseconds. */
export const jmh: ResultFormat = {
  id: 'jmh',
  title: 'JMH JSON',
  detect: ({ json }) => json?.isList === true && json.list()[0]?.get('primaryMetric') !== undefined,
  read({ json }) {
    return { benchmarks: json!.list().map(benchmarkOf), notes: [] };
  },
};

function benchmarkOf(result: JsonValue): ImportedBenchmark {
  const metric = result.at('primaryMetric');
  const scoreUnit = metric.at('scoreUnit').text();
  const [, time, per] = /^(\w+)\/op$/.exec(scoreUnit) ?? [];
  const factor = (time ?? per) === undefined ? undefined : nanosecondsIn(time!);
  const scale = factor ?? 1;
  // What an operation takes is better the smaller it is, whatever the mode says
  const rate = factor === undefined && (result.get('mode')?.text() === 'thrpt' || /^ops\//.test(scoreUnit));
  const bounds = metric.get('scoreConfidence')?.numbers();
  const median = metric.get('scorePercentiles')?.get('50.0')?.number();
  const raw = metric
    .get('rawData')
    ?.list()
    .flatMap((fork) => fork.numbers() ?? []);
  return {
    name: `${result.at('benchmark').text()}${parametersOf(result)}`,
    unit: factor === undefined ? scoreUnit : 'ns',
    better: rate ? 'bigger' : 'smaller',
    estimates: {
      mean: {
        point: metric.at('score').number() * scale,
        ...(bounds?.length === 2
          ? { lower: bounds[0]! * scale, upper: bounds[1]! * scale, confidenceLevel: JMH_LEVEL }
          : {}),
      },
      ...(median === undefined ? {} : { median: { point: median * scale } }),
    },
    ...(raw === undefined || raw.length < 2 ? {} : { samples: averages(raw.map((value) => value * scale)) }),
  };
}

/** As in JMH's own tables and github-action-benchmark: ` ( {"size":"10"} )`. */
function parametersOf(result: JsonValue): string {
  const parameters =
    result
      .get('params')
      ?.entries()
      .map(([name, value]) => [name, value.text()]) ?? [];
  return parameters.length === 0 ? '' : ` ( ${JSON.stringify(Object.fromEntries(parameters))} )`;
}
