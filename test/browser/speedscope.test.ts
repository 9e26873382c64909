import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { formatById, readInput } from '../../src/formats/registry.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { rootByThread } from '../../src/profile/threads.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { FIXTURES } from '../formats/harness.ts';
import { requireTool } from '../require-tool.ts';
import { type Speedscope, startSpeedscope } from './open-in-speedscope.ts';
import { chromiumIsHere, launchChromium } from './open-svg.ts';

const here = requireTool('chromium', chromiumIsHere);

/** Weights by the names of functions, in microseconds. */
function byNames({ samples, stacks, frames, strings }: Profile): Map<string, number> {
  const sums = new Map<string, number>();
  for (let row = 0; row < samples.length; row++) {
    const path: string[] = [];
    for (let stack = samples.stack[row]!; stack >= 0; stack = stacks.parent[stack]!) {
      path.push(strings[frames.name[stacks.frame[stack]!]!]!);
    }
    const key = path.reverse().join(';');
    sums.set(key, (sums.get(key) ?? 0) + samples.values.at(-1)![row]! / 1000);
  }
  return sums;
}

describe.runIf(here)('the speedscope application opens what we write', () => {
  let browser: Browser;
  let speedscope: Speedscope;
  beforeAll(async () => {
    browser = await launchChromium();
    speedscope = await startSpeedscope(browser);
  });
  afterAll(async () => {
    speedscope?.close();
    await browser?.close();
  });

  test.each([
    ['perf-script/threads.txt', 'speedscope', 'Importing as speedscope json file'],
    ['perf-script/threads.txt', 'cpuprofile', 'Importing as Chrome CPU Profile'],
    ['perf-script/threads.txt', 'pprof', 'Importing as protobuf encoded pprof file'],
    ['perf-script/threads.txt', 'folded', 'Importing as collapsed stack format'],
    ['cpuprofile/node.cpuprofile', 'speedscope', 'Importing as speedscope json file'],
    ['cpuprofile/node.cpuprofile', 'pprof', 'Importing as protobuf encoded pprof file'],
  ])('%s as %s', async (fixture, id, importing) => {
    const read = await readInput(inputOf(readFileSync(join(FIXTURES, fixture)), 'x'));
    const profile = id === 'folded' ? rootByThread(read, 'comm') : read;
    const bytes = Buffer.concat(Array.from(formatById(id).write!(profile), (chunk) => Buffer.from(chunk)));
    const { format, complaints, saved } = await speedscope.open(`x.${id}`, bytes);
    expect(complaints).toEqual([]);
    expect(format).toBe(importing);
    const again = await readInput(inputOf(saved, 'saved'));
    // A cpuprofile has whole microseconds; where they end is rounded, not how long they are
    const near = id === 'cpuprofile' ? 50 : 0.001;
    expect(Math.abs(totalWeight(again) - totalWeight(profile)) / 1000).toBeLessThan(near);
    const [ours, theirs] = [byNames(profile), byNames(again)];
    expect([...theirs.keys()].sort()).toEqual([...ours.keys()].sort());
    for (const [stack, micros] of ours) expect(Math.abs(theirs.get(stack)! - micros), stack).toBeLessThan(near);
    if (id === 'speedscope') expect(again.threads).toHaveLength(Math.max(1, read.threads.length));
  });

  test('idle time of a cpuprofile is no function there either', async () => {
    const profile = await readInput(inputOf(readFileSync(join(FIXTURES, 'cpuprofile/node.cpuprofile')), 'x'));
    const bytes = Buffer.from([...formatById('cpuprofile').write!(profile)].join(''));
    const { complaints, saved } = await speedscope.open('x.cpuprofile', bytes);
    expect(complaints).toEqual([]);
    const again = await readInput(inputOf(saved, 'saved'));
    expect(Math.abs(totalWeight(again) - totalWeight(profile)) / 1000).toBeLessThan(1);
    expect(again.strings).not.toContain('(idle)');
    expect(again.counters.map(({ name }) => name)).toEqual(profile.counters.map(({ name }) => name));
  });
});
