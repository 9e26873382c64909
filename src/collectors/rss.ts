import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { MEMORY_INTERVAL, MEMORY_VARIABLE } from '../preload/memory-log.ts';
import { appendOption, requireOption } from '../preload/node-options.ts';
import { residentMemory } from '../processes/memory.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { descendants } from '../processes/proc.ts';
import { supervise } from '../processes/supervise.ts';
import { startTarget } from '../processes/target.ts';
import { formatValue } from '../profile/units.ts';
import type { Artefact, CollectOptions } from './collector.ts';
import { asMassif, type NodeMemory, type RssSample, RssSamples, totalOf } from './rss-samples.ts';

/** Milliseconds between two looks for new processes, which takes some milliseconds. */
const FAMILY_INTERVAL = 500;

/**
 * Follows the resident memory of a program and of all that it starts, by /proc alone: any program, at its own speed.
 * @throws {UserError} 125 when it ended before the first look, 126/127 when it cannot be run, 130 on give-up
 */
export async function collectRss(
  program: readonly string[],
  options: Pick<CollectOptions, 'durationSeconds' | 'attend' | 'say' | 'progress'>,
): Promise<Artefact> {
  const dir = await makePrivateDir();
  const dispose = (): Promise<void> => removePrivateDir(dir);
  const samples = new RssSamples();
  let last = 0;
  let timer: NodeJS.Timeout | undefined;
  try {
    const target = await startTarget(program, { env: withPreload(process.env, dir), stopped: false });
    const started = Date.now();
    let family: number[] = [target.pid];
    let familyOf = started;
    const look = (): void => {
      const time = Date.now();
      if (time - familyOf >= FAMILY_INTERVAL) {
        family = [target.pid, ...descendants(target.pid).map(({ pid }) => pid)];
        familyOf = time;
      }
      const sample = sum(family, time);
      if (totalOf(sample) === 0) return;
      last = totalOf(sample);
      samples.add(sample);
    };
    look();
    timer = setInterval(look, MEMORY_INTERVAL);
    const { exit, stopped, duration } = await supervise(target, {
      ...(options.durationSeconds === undefined ? {} : { durationSeconds: options.durationSeconds }),
      ...(options.attend === undefined ? {} : { attend: options.attend }),
      say: options.say,
      tick: (elapsed) => options.progress(elapsed, `${samples.count} looks, ${formatValue(last, 'bytes')} resident`),
    });
    clearInterval(timer);
    if (samples.count === 0) {
      throw new UserError('the program ended before its memory could be looked at', { exitCode: EXIT.cannotCollect });
    }
    const file = join(dir, 'rss.out');
    writeFileSync(file, [...asMassif(samples.list(), program, started, nodeMemory(dir))].join(''));
    return { collector: 'rss', format: 'massif', files: [file], exit, stopped, duration, notes: [], dispose };
  } catch (error) {
    clearInterval(timer);
    await dispose();
    throw error;
  }
}

/** Node processes say how their memory is made up; other programs take no notice of it. */
function withPreload(env: NodeJS.ProcessEnv, dir: string): NodeJS.ProcessEnv {
  const option = requireOption(join(packageRoot(), 'dist/preload/memory-usage.cjs'));
  return { ...env, NODE_OPTIONS: appendOption(env.NODE_OPTIONS, option), [MEMORY_VARIABLE]: dir };
}

function sum(pids: readonly number[], time: number): RssSample {
  let [anonymous, file, shared] = [0, 0, 0];
  for (const pid of pids) {
    const memory = residentMemory(pid);
    anonymous += memory?.anonymous ?? 0;
    file += memory?.file ?? 0;
    shared += memory?.shared ?? 0;
  }
  return { time, anonymous, file, shared };
}

/** By process; a last line may be half written. */
function nodeMemory(dir: string): NodeMemory[][] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.memory'))
    .map((name) =>
      readFileSync(join(dir, name), 'latin1')
        .split('\n')
        .map((line) => line.split(' ').map(Number))
        .filter((numbers) => numbers.length === 4 && numbers.every(Number.isFinite))
        .map(([time, heapTotal, heapUsed, external]) => ({
          time: time!,
          heapTotal: heapTotal!,
          heapUsed: heapUsed!,
          external: external!,
        })),
    );
}
