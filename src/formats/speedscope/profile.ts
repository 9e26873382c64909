import type { ProfileBuilder } from '../../profile/builder.ts';
import { FormatError, type Input } from '../format.ts';
import { jsonArray, jsonNumber, jsonString } from '../json-stream/input.ts';
import { noFrame, type SpeedscopeColumns } from './columns.ts';

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
 * @param stacks the builder's stack for each stack of the file's samples
 * @throws {FormatError} a wrong type, a frame that does not exist, events that do not nest or go back in time
 */
export function readSpeedscopeProfile(
  input: Input,
  path: string,
  profile: SpeedscopeColumns,
  frames: readonly number[],
  stacks: Int32Array,
  builder: ProfileBuilder,
  weights: SpeedscopeWeights,
): void {
  const type = jsonString(input, `${path}.type`, profile.file.type);
  if (type === 'sampled') readSampled(input, path, profile, stacks, weights);
  else if (type === 'evented') readEvented(input, path, profile, frames, builder, weights);
  else throw new FormatError(input, `${path}.type`, `'${type}' is not known`, 'known are sampled, evented');
}

function readSampled(
  input: Input,
  path: string,
  { file, samples }: SpeedscopeColumns,
  stacks: Int32Array,
  to: SpeedscopeWeights,
): void {
  jsonArray(input, `${path}.samples`, file.samples);
  const weights = jsonArray(input, `${path}.weights`, file.weights);
  if (samples.length !== weights.length) {
    throw new FormatError(input, `${path}.weights`, `${weights.length} weights for ${samples.length} samples`);
  }
  let at = file.startValue === undefined ? 0 : jsonNumber(input, `${path}.startValue`, file.startValue);
  for (let i = 0; i < samples.length; i++) {
    const place = () => `${path}.weights[${i}]`;
    const weight = jsonNumber(input, place, weights.at(i));
    if (weight < 0) throw new FormatError(input, place(), `${weight} is negative`);
    const stack = samples.at(i);
    to.sample(stack < 0 ? -1 : stacks[stack]!, weight, at);
    at += weight;
  }
}

function readEvented(
  input: Input,
  path: string,
  { file, opens, frames: frameOf, times }: SpeedscopeColumns,
  frames: readonly number[],
  builder: ProfileBuilder,
  to: SpeedscopeWeights,
): void {
  jsonArray(input, `${path}.events`, file.events);
  const stacks: number[] = [];
  const opened: number[] = [];
  const place = (i: number) => `${path}.events[${i}]`;
  let now = file.startValue === undefined ? undefined : jsonNumber(input, `${path}.startValue`, file.startValue);
  const advance = (where: () => string, at: number): void => {
    const before = now ?? at;
    if (at < before) throw new FormatError(input, where(), `${at} is before ${before}: time goes backwards`);
    if (at > before) {
      if (stacks.length === 0) to.idle(at - before);
      else to.sample(stacks.at(-1)!, at - before, before);
    }
    now = at;
  };
  for (let i = 0; i < times.length; i++) {
    const number = frameOf.at(i)!;
    const frame = frames[number];
    if (frame === undefined) throw noFrame(input, `${place(i)}.frame`, number, frames.length);
    advance(() => `${place(i)}.at`, times.at(i)!);
    if (opens.at(i) === 1) {
      stacks.push(builder.stack(stacks.at(-1) ?? -1, frame));
      opened.push(number);
    } else {
      const top = opened.pop();
      stacks.pop();
      if (top !== number) {
        const instead = top === undefined ? 'no frame is open' : `frame ${top} was opened last`;
        throw new FormatError(input, place(i), `frame ${number} closes, but ${instead}`);
      }
    }
  }
  if (opened.length > 0) {
    throw new FormatError(
      input,
      `${path}.events`,
      `the recording ends while frame ${opened.at(-1)} is open`,
      'the file is incomplete: record it again',
    );
  }
  if (file.endValue !== undefined) {
    const end = jsonNumber(input, `${path}.endValue`, file.endValue);
    if (now !== undefined && end > now) advance(() => `${path}.endValue`, end);
  }
}
