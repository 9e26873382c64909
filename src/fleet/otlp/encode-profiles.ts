import { createHash } from 'node:crypto';
import { ProtobufWriter } from '../../formats/protobuf/writer.ts';
import type { Profile, Thread, WeightColumn } from '../../profile/profile.ts';
import type { Origin } from '../origin.ts';
import { sampleTimes } from '../sample-times.ts';
import { anyValue, Dictionary } from './dictionary.ts';

/**
 * `ExportProfilesServiceRequest` of opentelemetry-proto 1.10 (collector/profiles/v1development): a profile for each weight,
 * the default first, as tools show the first; service, host and labels as attributes of the resource.
 */
export function encodeProfiles(profile: Profile, origin: Origin): Uint8Array {
  const dictionary = new Dictionary();
  const groups = samplesByIdentity(profile, dictionary);
  const scopeProfiles = new ProtobufWriter();
  const scope = new ProtobufWriter();
  scope.text(1, 'pforge-prof');
  scopeProfiles.message(1, scope);
  for (let v = profile.valueTypes.length - 1; v >= 0; v--) {
    scopeProfiles.message(2, profileMessage(profile, v, origin, groups, dictionary));
  }
  const resourceProfiles = new ProtobufWriter();
  resourceProfiles.message(1, resource(origin));
  resourceProfiles.message(2, scopeProfiles);
  const request = new ProtobufWriter();
  request.message(1, resourceProfiles);
  request.message(2, dictionary.message(profile));
  return request.done();
}

function resource({ service, host, labels }: Origin): ProtobufWriter {
  const out = new ProtobufWriter();
  const pair = new ProtobufWriter();
  const own = [['service.name', service], ...(host === '' ? [] : [['host.name', host]])] as [string, string][];
  for (const [key, value] of [...own, ...labels]) {
    pair.clear();
    pair.text(1, key);
    pair.message(2, anyValue(value));
    out.message(1, pair);
  }
  return out;
}

/** Samples of the same stack and thread: one `Sample` message. */
interface Group {
  readonly stack: number;
  readonly attributes: readonly number[];
  readonly rows: number[];
}

function samplesByIdentity({ samples, stacks, threads }: Profile, dictionary: Dictionary): readonly Group[] {
  const attributes = threads.map((thread) => threadAttributes(thread, dictionary));
  const groups = new Map<number, Group>();
  const stackIndex = new Map<number, number>([[-1, 0]]);
  for (let i = 0; i < samples.length; i++) {
    const leaf = samples.stack[i]!;
    const thread = samples.thread?.[i] ?? -1;
    const key = (leaf + 1) * (threads.length + 1) + thread + 1;
    const known = groups.get(key);
    if (known !== undefined) {
      known.rows.push(i);
      continue;
    }
    let stack = stackIndex.get(leaf);
    if (stack === undefined) {
      stack = dictionary.stack(framesFrom(leaf, stacks));
      stackIndex.set(leaf, stack);
    }
    groups.set(key, { stack, attributes: thread < 0 ? [] : attributes[thread]!, rows: [i] });
  }
  return [...groups.values()];
}

function* framesFrom(leaf: number, { parent, frame }: Profile['stacks']): Iterable<number> {
  for (let stack = leaf; stack >= 0; stack = parent[stack]!) yield frame[stack]!;
}

/** By OpenTelemetry's semantic conventions for threads and processes. */
function threadAttributes({ pid, tid, process, name }: Thread, dictionary: Dictionary): number[] {
  return [
    ...(tid < 0 ? [] : [dictionary.attribute('thread.id', tid)]),
    ...(name === '' ? [] : [dictionary.attribute('thread.name', name)]),
    ...(pid < 0 ? [] : [dictionary.attribute('process.pid', pid)]),
    ...(process === '' ? [] : [dictionary.attribute('process.executable.name', process)]),
  ];
}

function profileMessage(
  profile: Profile,
  v: number,
  origin: Origin,
  groups: readonly Group[],
  dictionary: Dictionary,
): ProtobufWriter {
  const { valueTypes, samples, meta } = profile;
  const column = samples.values[v]!;
  const times = sampleTimes(profile, origin.start);
  const out = new ProtobufWriter();
  const valueType = new ProtobufWriter();
  valueType.varint(1, dictionary.text(valueTypes[v]!.type));
  valueType.varint(2, dictionary.text(valueTypes[v]!.unit));
  out.message(1, valueType);
  const hash = createHash('sha256').update(JSON.stringify([valueTypes[v], origin.service, origin.host]));
  const sample = new ProtobufWriter();
  for (const { stack, attributes, rows } of groups) {
    const { values, moments } = observed(rows, column, samples.time === undefined ? undefined : times.at);
    if (values.length === 0) continue;
    sample.clear();
    sample.varint(1, stack);
    sample.packed(2, attributes);
    sample.packed(4, values);
    sample.packedFixed64(5, moments);
    hash.update(sample.done());
    out.message(2, sample);
  }
  out.fixed64(3, nanoseconds(meta.startTime ?? origin.start));
  // The last sample is before the end; moments are rounded to microseconds
  const duration = Math.max(0, times.end - (meta.startTime ?? origin.start)) * 1e6 + 2000;
  out.varint(4, Math.round(duration));
  if (meta.sampleInterval !== undefined && meta.sampleInterval > 0) {
    valueType.clear();
    valueType.varint(1, dictionary.text('cpu'));
    valueType.varint(2, dictionary.text('nanoseconds'));
    out.message(5, valueType);
    out.varint(6, Math.round(meta.sampleInterval));
  }
  out.bytes(7, hash.digest().subarray(0, 16));
  return out;
}

/** Values with their moments, or without moments their sum; whole numbers, none of them 0. */
function observed(
  rows: readonly number[],
  column: WeightColumn,
  at: ((sample: number) => number) | undefined,
): { values: number[]; moments: BigUint64Array } {
  if (at === undefined) {
    let sum = 0;
    for (const row of rows) sum += column[row]!;
    return { values: Math.round(sum) === 0 ? [] : [Math.round(sum)], moments: new BigUint64Array() };
  }
  const there = rows.filter((row) => Math.round(column[row]!) !== 0);
  return {
    values: there.map((row) => Math.round(column[row]!)),
    moments: BigUint64Array.from(there, (row) => nanoseconds(at(row))),
  };
}

/** @param time milliseconds since the epoch, exact to a microsecond */
function nanoseconds(time: number): bigint {
  return BigInt(Math.max(0, Math.round(time * 1000))) * 1000n;
}
