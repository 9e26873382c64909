import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ComparingSettings } from '../../bench/runner/compare-sides.ts';
import type { Found } from '../../bench/runner/found.ts';
import { LOOP, RUNNER, recordBenchmark } from '../../bench/runner/profiled.ts';
import { type BenchResult, typicalOf } from '../../bench/runner/result.ts';
import { UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { compareProfiles } from '../../profile/diff/compare.ts';
import { filter } from '../../profile/filter.ts';
import type { Profile } from '../../profile/profile.ts';
import { compactSvg } from '../../render/compact/compact-svg.ts';
import { diffSvg } from '../../render/diff/compact-diff.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { World } from '../../world.ts';
import { readInputs } from '../inputs/read-inputs.ts';
import { regexp } from '../options/values.ts';
import type { BenchFileOptions } from './file-options.ts';

/** Where pictures are put, below the folder where the tool was started. */
const PICTURES = 'bench-flame';
/** The base is profiled for so many times what a process measures: 2 s by default, some thousand samples. */
const LONGER = 25;

/** Draws flame graphs of benchmarks that were measured. */
export interface Flames {
  /**
   * Profiles what regressed, or what was named, and draws it: both sides laid over each other where there are two.
   * @returns the file of each picture
   */
  draw(results: readonly BenchResult[]): Promise<ReadonlyMap<BenchResult, string>>;
}

/**
 * @param folder private; gets recordings
 * @returns undefined where no pictures were asked for
 * @throws {UserError} what is to be drawn is not told
 */
export function openFlames(
  options: BenchFileOptions,
  settings: ComparingSettings,
  world: World,
  folder: string,
  progress: Progress,
): Flames | undefined {
  const { flame } = options;
  if (flame === undefined) return undefined;
  if (flame === true && options.against === undefined) {
    throw new UserError('--flame draws what regressed, and nothing is compared', {
      hint: 'name benchmarks: --flame REGEXP; or compare: --against main',
    });
  }
  const named = flame === true ? undefined : regexp(flame);
  return {
    async draw(results) {
      const drawn = new Map<BenchResult, string>();
      const chosen = results.filter(
        ({ verdict, failure, found }) =>
          failure === undefined &&
          (named === undefined ? verdict?.verdict === 'regressed' : named.test(found.id.fullId)),
      );
      for (const [at, result] of chosen.entries()) {
        progress.show(`profiling ${result.found.id.title}`);
        const path = join(PICTURES, `${result.found.directory}.svg`);
        mkdirSync(dirname(path), { recursive: true });
        const chunks = await pictureOf(result, settings, join(folder, `flame-${at}`), world, progress);
        if (chunks === undefined) continue;
        await openOutput(path, world).write(chunks);
        drawn.set(result, path);
      }
      return drawn;
    },
  };
}

async function pictureOf(
  { found, base, head }: BenchResult,
  settings: ComparingSettings,
  folder: string,
  world: World,
  progress: Progress,
): Promise<Iterable<string> | undefined> {
  const seconds = LONGER * settings.measurementTime;
  const iterations = Math.ceil((seconds * 1e9) / typicalOf((base ?? head!).medians).point);
  const profileOf = async (of: Found, side: string): Promise<Profile | undefined> => {
    const recorded = await recordBenchmark(of, iterations, folder, side, settings.timeout + 10 * seconds);
    if ('file' in recorded) return benchmarkOnly(await readInputs([recorded.file], {}, world), of, found);
    progress.say(`${found.id.title} could not be profiled on the side of ${side}: ${recorded.failure.what}`);
    return undefined;
  };
  const now = await profileOf(found, 'head');
  if (now === undefined) return undefined;
  const title = found.id.title;
  if (base === undefined) return compactSvg.render(now, { title, subtitle: `${iterations} iterations` });
  const before = await profileOf(base.found, 'base');
  if (before === undefined) return undefined;
  // Both did the same work: their weights are compared as they are
  const comparison = compareProfiles([before], [now], { normalize: false, names: { before: 'base', after: 'head' } });
  return diffSvg.render(comparison, {
    title: `${title}: base and head`,
    subtitle: `${iterations} iterations each`,
    embed: { before, after: now },
  });
}

/** Without what runs it, and with files named as those of the head, wherever they lie. */
function benchmarkOnly(profile: Profile, of: Found, head: Found): Profile {
  const { profile: own } = filter(profile, { focus: LOOP, hide: RUNNER });
  const [from, to] = [`${of.place.cwd}/`, `${head.place.cwd}/`];
  const moved = (text: string): string => (text.startsWith(from) ? to + text.slice(from.length) : text);
  return from === to ? own : { ...own, strings: own.strings.map(moved) };
}
