import { asyncProfile } from '../../console/async-stacks.ts';
import type { ConsoleSnapshot } from '../../console/snapshot.ts';
import { WRITABLE_FORMATS } from '../../formats/writable.ts';
import { type Output, openOutput } from '../../output.ts';
import { renderers } from '../../render/registry.ts';
import type { World } from '../../world.ts';
import { drawFlame } from '../flame/drawing.ts';
import { flameDefaults } from '../flame/options.ts';
import { pictureFormatOf } from '../options/result-format.ts';
import { wrote } from '../wrote.ts';
import type { ConsoleOptions } from './options.ts';

/** Where async stacks are drawn. */
export interface AsyncFlame {
  readonly output: Output;
  readonly format: string;
}

/** Before anything is watched: whether it can be written. @throws {UserError} it cannot, or its format is not known */
export function flameOf({ flame, format }: ConsoleOptions, world: World): AsyncFlame | undefined {
  if (flame === undefined) return undefined;
  const chosen = format ?? pictureFormatOf(flame, [...renderers, ...WRITABLE_FORMATS]);
  return { output: openOutput(flame, world, { option: '--flame' }), format: chosen };
}

/** @param say gets what was written, and what was lost or guessed */
export async function drawAsync(
  { output, format }: AsyncFlame,
  snapshot: ConsoleSnapshot,
  { weight, color }: ConsoleOptions,
  world: World,
  say: (line: string) => void,
): Promise<void> {
  const profile = asyncProfile(snapshot, weight);
  if (profile.samples.length === 0) {
    say(`no asynchronous operation was seen: there is nothing to draw, ${output.name} is not written`);
    return;
  }
  const { chunks, notes, done } = await drawFlame(
    format,
    profile,
    {
      ...flameDefaults(),
      output: output.isStdout ? '-' : output.name,
      ...(color === undefined ? {} : { color }),
      title: `Async stacks by ${weight === 'busy' ? 'time on the loop' : 'time waited'}`,
    },
    world,
  );
  const size = await output.write(chunks);
  await done();
  for (const note of [...profile.meta.notes, ...notes]) say(`note: ${note}`);
  if (!output.isStdout) say(wrote(output, size));
}
