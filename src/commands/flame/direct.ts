import { isFleetAddress } from '../../fleet/destination.ts';
import { withCountName } from '../../profile/count-name.ts';
import type { FlameSvgOptions } from '../../render/flame-svg.ts';
import type { Renderer } from '../../render/renderer.ts';
import { keepDemangled } from '../../symbols/demangle.ts';
import type { Call } from '../command.ts';
import { withAdvice } from '../inputs/advice.ts';
import { readChoices } from '../inputs/collapse-options.ts';
import { takesAll } from '../inputs/filter-options.ts';
import { originalsFor } from '../inputs/originals.ts';
import { prepareEngine } from '../inputs/prepare-engine.ts';
import type { FlameDrawing } from './drawing.ts';
import { type FlameOptions, isClassic } from './options.ts';

/**
 * The picture of a file and nothing else, as `--quiet` wants it, around the model where the file's format knows that way.
 * @returns undefined where all of the profile is needed
 */
export async function directFlame(
  call: Call,
  inputs: readonly string[],
  options: FlameOptions,
  format: string | undefined,
): Promise<FlameDrawing | undefined> {
  const [input] = inputs;
  if (!call.shared.quiet || call.shared.json || format !== 'svg') return undefined;
  if (input === undefined || input === '-' || inputs.length > 1 || !asItIs(options)) return undefined;
  if (isFleetAddress(input)) return undefined;
  const { countName } = options;
  // What is embedded is encoded while it is read: before a person's word for counts could become a value type's
  if (options.embed && countName !== undefined) return undefined;
  const { readDrawn } = await import('../../formats/registry.ts');
  const { least, renderer } = await drawerOf(options);
  await prepareEngine(input, call.world);
  keepDemangled(call.world.env);
  const originals = originalsFor(options);
  const drawn = await readDrawn(input, least, {
    ...options,
    ...readChoices(options),
    ...(originals === undefined ? {} : { originals: originals.find }),
  });
  if (drawn === undefined) return undefined;
  const { meta } = drawn.profile;
  const notes = [...meta.notes, ...(originals?.notes() ?? [])];
  const { pictureOf } = await import('./picture.ts');
  const noted = { ...drawn.profile, meta: { ...meta, notes } };
  const advised = withAdvice(countName === undefined ? noted : withCountName(noted, countName));
  const picture = pictureOf(advised, options, call.world);
  const embed = options.embed ? drawn.encode!(advised.meta) : false;
  return {
    chunks: renderer.render(picture.profile, { ...picture.options, drawn, embed }),
    notes: picture.notes,
    done: picture.done,
  };
}

async function drawerOf(options: FlameOptions): Promise<{ least: number; renderer: Renderer<FlameSvgOptions> }> {
  if (isClassic(options)) {
    const { leastFraction, flameSvg } = await import('../../render/flame-svg.ts');
    return { least: leastFraction(options), renderer: flameSvg };
  }
  const { compactSvg, heldFraction } = await import('../../render/compact/compact-svg.ts');
  return { least: heldFraction(options), renderer: compactSvg };
}

/** Whether all samples and frames are wanted as they stand in the file, and by colours that go by frames alone. */
function asItIs(options: FlameOptions): boolean {
  const { renderer, pids, tids, reverse, flamechart, sort, random, randomSeed, colors } = options;
  return (
    takesAll(options) &&
    ![renderer, random, randomSeed].some((wish) => wish !== undefined) &&
    !(pids || tids || reverse || flamechart || !sort) &&
    !WHOLE_STACKS.has(colors)
  );
}

/** Their groups, or their names, are not known without the whole profile. */
const WHOLE_STACKS: ReadonlySet<string> = new Set(['tier', 'chain', 'java', 'js', 'perl', 'python', 'rust', 'wakeup']);
