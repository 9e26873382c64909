import type { ChangeEstimates, Estimate, Estimates } from '../estimates.ts';
import type { BenchmarkId, Measurement, Throughput } from '../measurement.ts';
import { jsonFloat } from './rust-numbers.ts';
import type { Fences } from './tukey.ts';

/** A run's files by name. */
export type RunFiles = ReadonlyMap<string, string>;

/** What a run's folder holds. */
export interface RunToKeep {
  readonly measurement: Measurement;
  readonly estimates: Estimates;
  readonly tukey: Fences;
}

/**
 * The files of one run, byte for byte as Criterion 0.3.3 to 0.8 write them with their default features; `raw.csv` as
 * with its feature `csv_output`.
 * @param directory the benchmark's folder below the root of the tree
 */
export function runFiles({ measurement, estimates, tukey }: RunToKeep, directory: string): RunFiles {
  return new Map([
    ['benchmark.json', benchmarkJson(measurement.id, measurement.throughput, directory)],
    ['estimates.json', estimatesJson(estimates)],
    ['raw.csv', rawCsv(measurement)],
    ['sample.json', sampleJson(measurement)],
    ['tukey.json', floats(tukey)],
  ]);
}

function sampleJson({ samplingMode, iterations, times }: Measurement): string {
  return `{"sampling_mode":"${samplingMode}","iters":${floats(iterations)},"times":${floats(times)}}`;
}

function floats(values: Iterable<number>): string {
  return `[${Array.from(values, jsonFloat).join(',')}]`;
}

function estimatesJson({ mean, median, median_abs_dev, slope, std_dev }: Estimates): string {
  const parts = [
    `"mean":${estimateText(mean)}`,
    `"median":${estimateText(median)}`,
    `"median_abs_dev":${estimateText(median_abs_dev)}`,
    `"slope":${slope === undefined ? 'null' : estimateText(slope)}`,
    `"std_dev":${estimateText(std_dev)}`,
  ];
  return `{${parts.join(',')}}`;
}

/** The text of `change/estimates.json`. */
export function changeJson({ mean, median }: ChangeEstimates): string {
  return `{"mean":${estimateText(mean)},"median":${estimateText(median)}}`;
}

function estimateText({ point, standardError, lower, upper, confidenceLevel }: Estimate): string {
  const level = jsonFloat(confidenceLevel);
  const interval = `{"confidence_level":${level},"lower_bound":${jsonFloat(lower)},"upper_bound":${jsonFloat(upper)}}`;
  return `{"confidence_interval":${interval},"point_estimate":${jsonFloat(point)},"standard_error":${jsonFloat(standardError)}}`;
}

function benchmarkJson(id: BenchmarkId, throughput: Throughput | undefined, directory: string): string {
  const throughputText = throughput === undefined ? 'null' : `{"${throughput.kind}":${whole(throughput.perIteration)}}`;
  const text = (value: string | undefined): string => JSON.stringify(value ?? null);
  const parts = [
    `"group_id":${text(id.group)}`,
    `"function_id":${text(id.function)}`,
    `"value_str":${text(id.value)}`,
    `"throughput":${throughputText}`,
    `"full_id":${text(id.fullId)}`,
    `"directory_name":${text(directory)}`,
    `"title":${text(id.title)}`,
  ];
  return `{${parts.join(',')}}`;
}

/** All digits, 64 bits at most: serde reads nothing else into a whole number. */
function whole(value: number): string {
  const rounded = Math.round(value);
  return rounded > 0 ? String(BigInt(Math.min(rounded, MOST_OF_64_BITS))) : '0';
}

/** The last double below 2^64. */
const MOST_OF_64_BITS = 2 ** 64 - 2 ** 11;

const CSV_TYPES = { Bytes: 'bytes', BytesDecimal: 'bytes', Elements: 'elements', Bits: 'bits' } as const;

function rawCsv({ id, throughput, iterations, times }: Measurement): string {
  const head = [
    csvField(id.group),
    csvField(id.function ?? ''),
    csvField(id.value ?? ''),
    throughput === undefined ? '' : whole(throughput.perIteration),
    throughput === undefined ? '' : CSV_TYPES[throughput.kind],
  ].join(',');
  const lines = ['group,function,value,throughput_num,throughput_type,sample_measured_value,unit,iteration_count'];
  times.forEach((time, i) => {
    lines.push(`${head},${jsonFloat(time)},ns,${whole(iterations[i]!)}`);
  });
  return `${lines.join('\n')}\n`;
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
