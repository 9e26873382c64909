import { RESULT_FORMATS, readResults } from '../../bench/import/registry.ts';
import { type JsonValue, jsonDocument } from '../../bench/json-value.ts';
import type { Input } from '../../formats/format.ts';
import { inputOf, openInput, readBytes } from '../../formats/input.ts';
import { formats } from '../../formats/registry.ts';
import type { Measurements } from '../../history/measurements.ts';
import { loadReaders } from '../../load/readers/registry.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { World } from '../../world.ts';
import { standardInput } from '../inputs/read-inputs.ts';
import { benchMeasurements } from './bench.ts';
import { commandMeasurements } from './json.ts';
import { loadMeasurements } from './load.ts';
import { profileMeasurements, type ReportNumbers } from './profile.ts';
import { recordingMeasurements } from './recordings.ts';
import { isFolder, readResultsAt } from './result-paths.ts';

/** What `--json` of our commands begins with: their numbers, not a recording. */
const OWN_JSON = /^\s*\{\s*"(?:version|format|kind)":[\s\S]*?"(?:format|kind)":\s*"/;

/**
 * All that a file of results says in numbers: `--json` of any command of ours, what other benchmark harnesses and load tools
 * print, counters, and recordings of any format.
 * @param path a file, `-` for standard input, or a folder that Criterion wrote
 * @param inputFormat id of a format of results or recordings. Default: detected
 * @throws {UserError} unknown or broken
 */
export async function measurementsAt(
  path: string,
  world: World,
  inputFormat: string | undefined,
  progress: Progress,
): Promise<Measurements> {
  if (isFolder(path)) return benchMeasurements(await readResultsAt(path, world, inputFormat), undefined);
  const input = await openInput(path, standardInput(path, world));
  const isRecording =
    inputFormat === undefined
      ? !OWN_JSON.test(headOf(input)) && formats.some(({ detect }) => detect(input.head) === 'yes')
      : formats.some(({ id }) => id === inputFormat);
  if (isRecording) return recordingMeasurements(input, inputFormat, progress);
  const bytes = await readBytes(input);
  const text = new TextDecoder().decode(bytes).replace(/^\ufeff/, '');
  const found = textMeasurements(text, input.name, inputFormat);
  return found ?? recordingMeasurements(inputOf(bytes, input.name), inputFormat, progress);
}

/**
 * The same of text that is at hand: what a command of ours has just written as `--json`.
 * @throws {UserError} unknown or broken
 */
export function measurementsIn(text: string, name: string): Measurements {
  return textMeasurements(text, name, undefined) ?? ofHarness(text, name, undefined);
}

function headOf({ head }: Input): string {
  return new TextDecoder().decode(head);
}

/** @returns undefined where no format of results knows it, but one of recordings may */
function textMeasurements(text: string, name: string, inputFormat: string | undefined): Measurements | undefined {
  if (inputFormat !== undefined) return ofHarness(text, name, inputFormat);
  const json = plainJson(text, name);
  const own = commandMeasurements(json) ?? (isReport(json) ? profileMeasurements(reportOf(json!)) : undefined);
  if (own !== undefined) return own;
  const reader = loadReaders.find(({ detect }) => detect(text));
  if (reader !== undefined) return loadMeasurements(reader.read(text, name));
  const isKnown = RESULT_FORMATS.some(({ detect }) => detect({ name, text, json }));
  const mayBe = formats.some(({ detect }) => detect(new TextEncoder().encode(text.slice(0, 4096))) !== 'no');
  // Who knows neither tells what is wrong, and with what it could be read
  return isKnown || !mayBe ? ofHarness(text, name, undefined) : undefined;
}

function ofHarness(text: string, name: string, inputFormat: string | undefined): Measurements {
  return benchMeasurements(readResults(text, name, inputFormat), plainJson(text, name));
}

/** @returns undefined where it is no JSON, or broken: whoever reads it says so */
function plainJson(text: string, name: string): JsonValue | undefined {
  try {
    return jsonDocument(text, name);
  } catch {
    return undefined;
  }
}

/** `report --json`, `flame --json`. */
function isReport(json: JsonValue | undefined): boolean {
  return (
    json?.get('samples') !== undefined && json.get('weight')?.isObject === true && json.get('top')?.isList === true
  );
}

function reportOf(json: JsonValue): ReportNumbers {
  const weight = json.at('weight');
  return {
    samples: json.at('samples').number(),
    weight: { type: weight.at('type').text(), unit: weight.at('unit').text(), total: weight.at('total').number() },
    kinds: (json.get('kinds')?.list() ?? []).map((kind) => ({
      kind: kind.at('kind').text() as ReportNumbers['kinds'][number]['kind'],
      self: kind.at('self').number(),
    })),
    top: json
      .at('top')
      .list()
      .map((row) => ({
        name: row.at('name').text(),
        file: row.get('file')?.text() ?? '',
        line: row.get('line')?.number() ?? 0,
        module: row.get('module')?.text() ?? '',
        kind: (row.get('kind')?.text() ?? 'unknown') as ReportNumbers['top'][number]['kind'],
        self: row.at('self').number(),
        total: row.at('total').number(),
      })),
  };
}
