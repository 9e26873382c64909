import type { ProfileBuilder } from '../profile/builder.ts';
import { FormatError, type Input } from './format.ts';
import { type JsonObject, jsonArray, jsonNumber, jsonObject, jsonString } from './json-input.ts';

/** Takes what a profile holds, in the profile's own unit. */
export interface SpeedscopeWeights {
  /** @param at where on the profile's axis it starts */
  sample(stack: number, weight: number, at: number): void;
  /** No frame was open for so long. */
  idle(weight: number): void;
}

/**
 * Reads one profile of a speedscope file: `sampled` (stacks with weights) or `evented` (frames that open and close).
 * @param path where it stands: `$.profiles[2]`
 * @param frames the builder's frame for each of the file's shared frames
 * @throws {FormatError} a wrong type, a frame that does not exist, events that do not nest or go back in time
 */
export function readSpeedscopeProfile(
  input: Input,
  path: string,
  profile: JsonObject,
  frames: readonly number[],
  builder: ProfileBuilder,
  weights: SpeedscopeWeights,
): void {
  const type = jsonString(input, `${path}.type`, profile.type);
  if (type === 'sampled') readSampled(input, path, profile, frames, builder, weights);
  else if (type === 'evented') readEvented(input, path, profile, frames, builder, weights);
  else throw new FormatError(input, `${path}.type`, `'${type}' is not known`, 'known are sampled, evented');
}

function readSampled(
  input: Input,
  path: string,
  profile: JsonObject,
  frames: readonly number[],
  builder: ProfileBuilder,
  to: SpeedscopeWeights,
): void {
  const samples = jsonArray(input, `${path}.samples`, profile.samples);
  const weights = jsonArray(input, `${path}.weights`, profile.weights);
  if (samples.length !== weights.length) {
    throw new FormatError(input, `${path}.weights`, `${weights.length} weights for ${samples.length} samples`);
  }
  let at = profile.startValue === undefined ? 0 : jsonNumber(input, `${path}.startValue`, profile.startValue);
  for (let i = 0; i < samples.length; i++) {
    const place = `${path}.samples[${i}]`;
    const list = jsonArray(input, place, samples[i]);
    let stack = -1;
    for (let k = 0; k < list.length; k++) {
      const found = typeof list[k] === 'number' ? frames[list[k] as number] : undefined;
      stack = builder.stack(stack, found ?? frameAt(input, `${place}[${k}]`, list[k], frames));
    }
    const weight = jsonNumber(input, `${path}.weights[${i}]`, weights[i]);
    if (weight < 0) throw new FormatError(input, `${path}.weights[${i}]`, `${weight} is negative`);
    to.sample(stack, weight, at);
    at += weight;
  }
}

function readEvented(
  input: Input,
  path: string,
  profile: JsonObject,
  frames: readonly number[],
  builder: ProfileBuilder,
  to: SpeedscopeWeights,
): void {
  const events = jsonArray(input, `${path}.events`, profile.events);
  const stacks: number[] = [];
  const opened: number[] = [];
  const place = (i: number) => `${path}.events[${i}]`;
  let now = profile.startValue === undefined ? undefined : jsonNumber(input, `${path}.startValue`, profile.startValue);
  const advance = (where: string, at: number): void => {
    const before = now ?? at;
    if (at < before) throw new FormatError(input, where, `${at} is before ${before}: time goes backwards`);
    if (at > before) {
      if (stacks.length === 0) to.idle(at - before);
      else to.sample(stacks.at(-1)!, at - before, before);
    }
    now = at;
  };
  for (let i = 0; i < events.length; i++) {
    const event = jsonObject(input, place(i), events[i]);
    const frame = frameAt(input, `${place(i)}.frame`, event.frame, frames);
    advance(`${place(i)}.at`, jsonNumber(input, `${place(i)}.at`, event.at));
    if (event.type === 'O') {
      stacks.push(builder.stack(stacks.at(-1) ?? -1, frame));
      opened.push(event.frame as number);
    } else if (event.type === 'C') {
      const top = opened.pop();
      stacks.pop();
      if (top !== event.frame) {
        const instead = top === undefined ? 'no frame is open' : `frame ${top} was opened last`;
        throw new FormatError(input, place(i), `frame ${event.frame} closes, but ${instead}`);
      }
    } else throw new FormatError(input, `${place(i)}.type`, 'this is neither "O" (open) nor "C" (close)');
  }
  if (opened.length > 0) {
    throw new FormatError(
      input,
      `${path}.events`,
      `the recording ends while frame ${opened.at(-1)} is open`,
      'the file is incomplete: record it again',
    );
  }
  if (profile.endValue !== undefined) {
    const end = jsonNumber(input, `${path}.endValue`, profile.endValue);
    if (now !== undefined && end > now) advance(`${path}.endValue`, end);
  }
}

function frameAt(input: Input, path: string, value: unknown, frames: readonly number[]): number {
  const index = jsonNumber(input, path, value);
  const frame = frames[index];
  if (frame !== undefined) return frame;
  throw new FormatError(input, path, `there is no frame ${index}, only ${frames.length} ($.shared.frames)`);
}
