import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { MEMORY_INTERVAL, MEMORY_VARIABLE } from '../preload/memory-log.ts';
import { appendOption, requireOption } from '../preload/node-options.ts';
import { memoryRollup, residentMemory } from '../processes/memory.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { descendants } from '../processes/proc.ts';
import { supervise } from '../processes/supervise.ts';
import { startTarget } from '../processes/target.ts';
import { unhurriedly } from '../processes/unhurried.ts';
import { formatValue } from '../profile/units.ts';
import type { Artefact, CollectOptions } from './collector.ts';
import { asMassif, type NodeMemory, type RssSample, RssSamples, totalOf } from './rss-samples.ts';

/** Milliseconds between two looks for new processes, which takes some milliseconds; in the beginning it is done more often. */
const FAMILY_INTERVAL = 500;
/** Milliseconds between two looks at what is shared, swapped out, in huge pages. */
const ROLLUP_INTERVAL = 1000;
/** Looking may take this part of the time of one processor; in large programs, or of many processes, we look less often. */
const LOOK_SHARE = 0.1;
/** Node says something of itself each 50 ms, unless it computes without a pause: longer than this is worth a word. */
const SILENCE_MS = 1000;

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
  const stops: (() => void)[] = [];
  const rollup = new RollupLooks();
  try {
    const target = await startTarget(program, { env: withPreload(process.env, dir), stopped: false });
    const started = Date.now();
    let family: number[] = [target.pid];
    let familyOf = started;
    const look = (): void => {
      const time = Date.now();
      // A script starts what is to be measured when it starts itself
      if (time - familyOf >= Math.min(FAMILY_INTERVAL, (time - started) / 2)) {
        family = [target.pid, ...descendants(target.pid).map(({ pid }) => pid)];
        familyOf = time;
      }
      const sample = sum(family, time);
      if (totalOf(sample) === 0) return;
      last = totalOf(sample);
      samples.add(sample);
    };
    look();
    stops.push(unhurriedly(MEMORY_INTERVAL, LOOK_SHARE, look));
    stops.push(unhurriedly(ROLLUP_INTERVAL, LOOK_SHARE, () => rollup.look(family)));
    const { exit, stopped, duration } = await supervise(target, {
      durationSeconds: options.durationSeconds,
      attend: options.attend,
      say: options.say,
      tick: (elapsed) => options.progress(elapsed, `${samples.count} looks, ${formatValue(last, 'bytes')} resident`),
    });
    for (const stop of stops) stop();
    if (samples.count === 0) {
      throw new UserError('the program ended before its memory could be looked at', { exitCode: EXIT.cannotCollect });
    }
    const file = join(dir, 'rss.out');
    const node = nodeMemory(dir);
    writeFileSync(file, [...asMassif(samples.list(), program, started, [...node.values()])].join(''));
    const notes = [...rollup.notes(), ...silences(node.values(), node.get(target.pid), Date.now())];
    return { collector: 'rss', format: 'massif', files: [file], exit, stopped, duration, notes, dispose };
  } catch (error) {
    for (const stop of stops) stop();
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

/** What only the dearer look at a process tells, at its largest. */
class RollupLooks {
  private proportional = 0;
  private swapped = 0;
  private huge = 0;
  private shares = false;

  look(pids: readonly number[]): void {
    let [proportional, swapped, huge] = [0, 0, 0];
    for (const pid of pids) {
      const memory = memoryRollup(pid);
      proportional += memory?.proportional ?? 0;
      swapped += memory?.swapped ?? 0;
      huge += memory?.huge ?? 0;
    }
    this.shares ||= pids.length > 1;
    this.proportional = Math.max(this.proportional, proportional);
    this.swapped = Math.max(this.swapped, swapped);
    this.huge = Math.max(this.huge, huge);
  }

  notes(): string[] {
    const size = (bytes: number): string => formatValue(bytes, 'bytes');
    return [
      ...(this.shares && this.proportional > 0
        ? [
            `pages that processes share count once for each; counted once in all (PSS) it was at most ${size(this.proportional)}`,
          ]
        : []),
      ...(this.swapped > 0 ? [`up to ${size(this.swapped)} more were swapped out`] : []),
      ...(this.huge > 0 ? [`up to ${size(this.huge)} were in huge pages: resident where a part of each is used`] : []),
    ];
  }
}

/** Where node programs told nothing of themselves for long, and what was told before stands for that time. */
function silences(
  node: Iterable<readonly NodeMemory[]>,
  own: readonly NodeMemory[] | undefined,
  end: number,
): string[] {
  let longest = own === undefined || own.length === 0 ? 0 : end - own.at(-1)!.time;
  for (const lines of node) {
    for (let i = 1; i < lines.length; i++) longest = Math.max(longest, lines[i]!.time - lines[i - 1]!.time);
  }
  if (longest < SILENCE_MS) return [];
  const time = formatValue(longest * 1e6, 'nanoseconds');
  return [
    `a node program computed without a pause for up to ${time} and told nothing of its heap meanwhile: the last numbers stand`,
  ];
}

/** By process; a last line may be half written. */
function nodeMemory(dir: string): Map<number, NodeMemory[]> {
  const names = readdirSync(dir).filter((name) => name.endsWith('.memory'));
  return new Map(names.map((name) => [Number.parseInt(name, 10), linesOf(join(dir, name))]));
}

function linesOf(path: string): NodeMemory[] {
  return readFileSync(path, 'latin1')
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    .filter((numbers) => numbers.length === 5 && numbers.every(Number.isFinite))
    .map(([time, heapTotal, heapUsed, external, arrayBuffers]) => ({
      time: time!,
      heapTotal: heapTotal!,
      heapUsed: heapUsed!,
      external: external!,
      arrayBuffers: arrayBuffers!,
    }));
}
