import type { Kind, Profile } from '../profile/profile.ts';
import { defaultValueIndex, KINDS } from '../profile/profile.ts';

/** What a format leaves out, as the note names it: `times`, `modules`; undefined where the profile has none. */
export type LeftOut = string | undefined;

/**
 * One note for all that a format leaves out; none where that is nothing.
 * @param holder what holds less, in the plural: `folded stacks`
 */
export function leftOutNotes(holder: string, parts: readonly LeftOut[]): string[] {
  const found = parts.filter((part) => part !== undefined);
  if (found.length === 0) return [];
  const last = found.pop()!;
  const list = found.length === 0 ? last : `${found.join(', no ')} and no ${last}`;
  return [`${holder} hold no ${list}: left out (json keeps them)`];
}

export function times({ samples }: Profile): LeftOut {
  // Without asking for them: they may not be worked out yet
  return 'time' in samples && samples.length > 0 ? 'times' : undefined;
}

/** The threads that samples name. */
export function usedThreads({ samples, threads }: Profile): number[] {
  const used = new Set(samples.thread);
  return threads.map((_, i) => i).filter((i) => used.has(i));
}

/** What is measured beside the default weight. A count of 1 for each sample is none where `countsSamples`. */
export function furtherTypes(profile: Profile, countsSamples = false): LeftOut {
  const { valueTypes, samples } = profile;
  const main = defaultValueIndex(profile);
  const others = valueTypes.filter(({ type, unit }, i) => {
    if (i === main) return false;
    const counts = type === 'samples' && unit === 'count' && samples.values[i]!.every((value) => value === 1);
    return !(countsSamples && counts);
  });
  if (others.length === 0 || samples.length === 0) return undefined;
  const { type } = valueTypes[main]!;
  return `weights beside ${type} (${[...new Set(others.map((other) => other.type))].join(', ')})`;
}

/** For each frame whether a sample's stack holds it. */
export function usedFrames({ frames, stacks, samples }: Profile): Uint8Array {
  const stackUsed = new Uint8Array(stacks.length);
  for (let i = 0; i < samples.length; i++) if (samples.stack[i]! >= 0) stackUsed[samples.stack[i]!] = 1;
  const frameUsed = new Uint8Array(frames.length);
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    if (stackUsed[stack] === 0) continue;
    frameUsed[stacks.frame[stack]!] = 1;
    if (stacks.parent[stack]! >= 0) stackUsed[stacks.parent[stack]!] = 1;
  }
  return frameUsed;
}

export function modules({ frames }: Profile, used: Uint8Array): LeftOut {
  return frames.module.some((module, i) => module !== 0 && used[i] === 1) ? 'modules' : undefined;
}

/** Tiers of the just-in-time compiler. */
export function tiers({ frames }: Profile, used: Uint8Array): LeftOut {
  return frames.tier.some((tier, i) => tier !== 0 && used[i] === 1) ? 'JIT tiers' : undefined;
}

/**
 * Kinds, where they are not those that a reader guesses.
 * @param guess the kind of a frame by what the format holds of it
 */
export function kinds({ frames }: Profile, used: Uint8Array, guess: (frame: number) => Kind): LeftOut {
  return frames.kind.some((kind, i) => used[i] === 1 && KINDS[kind] !== guess(i)) ? 'kinds of code' : undefined;
}

/** Lines and columns of frames without a file. */
export function bareLines({ frames }: Profile, used: Uint8Array): LeftOut {
  const bare = frames.file.some((file, i) => file === 0 && used[i] === 1 && frames.line[i]! + frames.column[i]! > 0);
  return bare ? 'lines without a file' : undefined;
}

/** Columns of frames without a line. */
export function bareColumns({ frames }: Profile, used: Uint8Array): LeftOut {
  const bare = frames.column.some((column, i) => column > 0 && frames.line[i] === 0 && used[i] === 1);
  return bare ? 'columns without a line' : undefined;
}

export function counters(profile: Profile): LeftOut {
  return profile.counters.length > 0 ? `counters (${shortList(profile.counters)})` : undefined;
}

export function series(profile: Profile): LeftOut {
  return profile.series.length > 0 ? `series (${shortList(profile.series)})` : undefined;
}

/** What a profile says of its recording. */
const origins = { command: 'command line', host: 'host', startTime: 'start', duration: 'duration' } as const;

/** @param kept what the file does say of the recording */
export function origin({ meta }: Profile, ...kept: readonly (keyof typeof origins)[]): LeftOut {
  const keys = Object.keys(origins) as (keyof typeof origins)[];
  const lost = keys.filter((key) => meta[key] !== undefined && !kept.includes(key)).map((key) => origins[key]);
  return lost.length > 0 ? `facts of the recording (${lost.join(', ')})` : undefined;
}

/** Half a surrogate pair: JSON can hold it, UTF-8 cannot. */
export function brokenText(profile: Profile): string[] {
  const { strings, threads } = profile;
  const words = [...strings, ...threads.flatMap(({ name, process }) => [name, process])];
  const broken = words.filter((word) => /\p{Surrogate}/u.test(word)).length;
  return broken > 0 ? [`names that are no valid Unicode, written with \uFFFD: ${broken}`] : [];
}

function shortList(named: readonly { readonly name: string }[]): string {
  const names = [...new Set(named.map(({ name }) => name))];
  return names.length > 3 ? `${names.slice(0, 3).join(', ')}, ...` : names.join(', ');
}
