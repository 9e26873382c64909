import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { EXIT, UserError } from '../../errors.ts';
import { makeTables, pushToClickhouse } from '../../fleet/clickhouse/push-profile.ts';
import type { Origin } from '../../fleet/origin.ts';
import { pushToOtlp } from '../../fleet/otlp/push-otlp.ts';
import { pushToPyroscope } from '../../fleet/pyroscope.ts';
import { plural } from '../../plural.ts';
import type { Profile } from '../../profile/profile.ts';
import { sampleCount } from '../../profile/sample-count.ts';
import { inputName } from '../inputs/fleet-input.ts';
import { readInputs } from '../inputs/read-inputs.ts';
import type { Push } from '../push.ts';

/** Each input as a profile of its own, one after the other, so that thousands take no more memory than one. */
export async function pushProfiles(push: Push): Promise<number> {
  const { call, inputs, options, destination, transport, progress } = push;
  const { service, history, inputFormat, host = hostname(), label = new Map<string, string>() } = options;
  if (history !== undefined) {
    throw new UserError(`--history goes to victoriametrics, not to ${destination.kind}`);
  }
  if (service === undefined) {
    throw new UserError('which service are these profiles of?', { hint: 'give --service NAME' });
  }
  const sent: object[] = [];
  for (const input of inputs) {
    const profile = await readInputs([input], inputFormat === undefined ? {} : { inputFormat }, call.world);
    if (destination.kind === 'clickhouse' && sent.length === 0) await makeTables(destination, transport);
    const origin = { service, host, labels: label, start: options.time ?? startOf(input, profile) };
    const told = await send(push, profile, origin);
    for (const note of [...profile.meta.notes, ...told.notes]) progress.say(`note: ${inputName(input)}: ${note}`);
    const samples = sampleCount(profile);
    sent.push({ input: inputName(input), samples, ...told.rows });
    if (!options.dryRun)
      progress.say(
        `pushed ${samples} ${plural(samples, 'sample')} of ${inputName(input)} to ${destination.place} as ${service}`,
      );
  }
  progress.end();
  if (call.shared.json) {
    call.world.stdout.write(
      `${JSON.stringify({ version: 1, to: destination.place, service, pushed: sent }, null, 2)}\n`,
    );
  }
  return EXIT.ok;
}

interface Told {
  /** What the destination has no place for. */
  readonly notes: readonly string[];
  readonly rows: object;
}

async function send({ call, options, destination, transport }: Push, profile: Profile, origin: Origin): Promise<Told> {
  switch (destination.kind) {
    case 'clickhouse':
      return { notes: [], rows: { rows: await pushToClickhouse(profile, origin, destination, transport) } };
    case 'pyroscope':
      return { notes: await pushToPyroscope(profile, origin, options, destination, transport), rows: {} };
    default:
      return { notes: await pushToOtlp(profile, origin, options, destination, transport, call.world.env), rows: {} };
  }
}

/** When a recording began that does not say so itself: it was written when it was over. */
function startOf(input: string, { samples, meta }: Profile): number {
  const end = input === '-' ? Date.now() : (statSync(input, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of samples.time ?? []) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const span = last > first ? last - first : (meta.duration ?? 0);
  return Math.floor(end) - span / 1e6;
}
