import { UserError } from '../errors.ts';
import { writeFolded } from '../formats/folded/write.ts';
import { writePprof } from '../formats/pprof/write.ts';
import { onlyValueType } from '../profile/only-value-type.ts';
import { defaultValueIndex, type Profile, type ValueType } from '../profile/profile.ts';
import { totalWeight } from '../profile/total.ts';
import type { Destination } from './destination.ts';
import type { Transport } from './http.ts';
import type { Origin } from './origin.ts';
import { sampleTimes } from './sample-times.ts';

/** How a profile is sent. */
export interface PyroscopeWishes {
  readonly format: 'pprof' | 'folded';
  /** `X-Scope-OrgID`. */
  readonly tenant?: string;
}

/** A rate at which one sample is one nanosecond. */
const NANOSECONDS = 1e9;

/**
 * Sends a profile by Pyroscope's documented `POST /ingest` (grafana.com/docs/pyroscope, Server HTTP API).
 * @returns notes on what could not be sent
 * @throws {UserError} the server cannot be reached, or refuses; a label or the weight cannot be said there
 */
export async function pushToPyroscope(
  profile: Profile,
  origin: Origin,
  { format, tenant }: PyroscopeWishes,
  { base }: Destination,
  transport: Transport,
): Promise<readonly string[]> {
  const folded = format === 'folded' ? foldedPart(profile) : undefined;
  const { valueTypes, meta } = profile;
  const url = new URL('ingest', base);
  const times = sampleTimes(profile, origin.start);
  const from = Math.floor((meta.startTime ?? origin.start) / 1000);
  const words = {
    name: nameOf(origin, folded?.suffix),
    from: String(from),
    until: String(Math.max(from + 1, Math.ceil(times.end / 1000))),
    format,
    spyName: 'pforge-prof',
    ...(folded === undefined
      ? {}
      : { sampleRate: String(folded.rate), units: folded.units, aggregationType: folded.aggregation }),
  };
  for (const [name, value] of Object.entries(words)) url.searchParams.set(name, value);
  const headers = tenant === undefined ? {} : { 'X-Scope-OrgID': tenant };
  const request = { method: 'POST', url, headers, repeatable: false } as const;
  if (folded !== undefined) {
    await transport.send({ ...request, body: folded.text, says: 'folded stacks' });
    const others = valueTypes.slice(0, -1).filter(({ type }) => type !== folded.sent);
    return others.length === 0
      ? []
      : [`folded stacks hold one weight: left out ${others.map(({ type }) => type).join(', ')}`];
  }
  const body = new FormData();
  body.append('profile', new Blob([Buffer.concat([...writePprof(profile)])]), 'profile.pprof');
  const config = Object.fromEntries(valueTypes.map((one) => [one.type, sampleTypeConfig(one)]));
  body.append('sample_type_config', new Blob([JSON.stringify(config)]), 'sample_type_config.json');
  await transport.send({ ...request, body, says: `pprof with ${valueTypes.map(({ type }) => type).join(', ')}` });
  return [];
}

/** `service.cpu{region=eu}`: braces, commas and equal signs would end a name or a value. */
function nameOf({ service, host, labels }: Origin, suffix: string | undefined): string {
  const pairs = [...(host === '' ? [] : ([['host', host]] as const)), ...labels];
  for (const text of [service, ...pairs.flat()]) {
    if (/[{},=]/.test(text))
      throw new UserError(`Pyroscope knows no names with braces, commas or equal signs: ${text}`);
  }
  return `${service}${suffix === undefined ? '' : `.${suffix}`}{${pairs.map((pair) => pair.join('=')).join(',')}}`;
}

/** Profile types that Pyroscope tells by the end of a name, and what our profilers call them. */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['samples', 'cpu'],
  ['cpu', 'cpu'],
  ['cpu-clock', 'cpu'],
  ['task-clock', 'cpu'],
  ['wall', 'wall'],
  ['wall-clock', 'wall'],
  ['off-cpu', 'wall'],
  ['inuse_objects', 'inuse_objects'],
  ['inuse_space', 'inuse_space'],
  ['alloc_objects', 'alloc_objects'],
  ['alloc_space', 'alloc_space'],
]);

/** Folded stacks of the weight, whose samples are counted where it is time, as a rate makes time of them again. */
function foldedPart(profile: Profile) {
  const weight = profile.valueTypes[defaultValueIndex(profile)]!;
  const suffix = SUFFIXES.get(weight.type);
  if (suffix === undefined) {
    throw new UserError(`Pyroscope knows no folded stacks of ${weight.type} (${weight.unit})`, {
      hint: 'send it as --format pprof',
    });
  }
  const isTime = suffix === 'cpu' || suffix === 'wall';
  const counts = isTime ? profile.valueTypes.findIndex(({ type, unit }) => type === 'samples' && unit === 'count') : -1;
  const sent = counts < 0 ? profile : onlyValueType(profile, counts);
  return {
    suffix,
    sent: sent.valueTypes.at(-1)!.type,
    text: Buffer.concat([...writeFolded(sent)].map((piece) => Buffer.from(piece))).toString(),
    rate: isTime ? rateOf(profile, counts) : 100,
    units: isTime ? 'samples' : weight.unit === 'bytes' ? 'bytes' : 'objects',
    aggregation: suffix.startsWith('inuse') ? 'average' : 'sum',
  };
}

function rateOf(profile: Profile, counts: number): number {
  const { meta, valueTypes } = profile;
  const isNanoseconds = valueTypes.at(-1)!.unit === 'nanoseconds';
  if (counts < 0) return isNanoseconds ? NANOSECONDS : 100;
  if (meta.sampleInterval !== undefined && meta.sampleInterval > 0)
    return Math.max(1, Math.round(1e9 / meta.sampleInterval));
  const total = totalWeight(profile);
  return isNanoseconds && total > 0 ? Math.max(1, Math.round((totalWeight(profile, counts) * 1e9) / total)) : 100;
}

function sampleTypeConfig({ type, unit }: ValueType): object {
  const isMemory = unit === 'bytes' || /objects|space/.test(type);
  return {
    units: unit === 'bytes' ? 'bytes' : isMemory ? 'objects' : 'samples',
    aggregation: type.startsWith('inuse') ? 'average' : 'sum',
    'display-name': type,
    sampled: !isMemory,
  };
}
