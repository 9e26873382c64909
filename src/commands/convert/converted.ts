import { isFleetAddress } from '../../fleet/destination.ts';
import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { sampleCount } from '../../profile/sample-count.ts';
import { totalWeight } from '../../profile/total.ts';
import { keepDemangled } from '../../symbols/demangle.ts';
import type { World } from '../../world.ts';
import { type Drawing, writeFormat } from '../flame/write-format.ts';
import { type CollapseOptions, chooseEvent, readChoices, rootMode } from '../inputs/collapse-options.ts';
import { type FilterOptions, select, takesAll } from '../inputs/filter-options.ts';
import type { FleetOptions } from '../inputs/fleet-input.ts';
import { asWritten, originalsFor } from '../inputs/originals.ts';
import { prepareEngine } from '../inputs/prepare-engine.ts';
import { readInputs, standardInput } from '../inputs/read-inputs.ts';

export interface ConvertWishes extends FilterOptions, CollapseOptions, FleetOptions {
  readonly inputFormat?: string;
}

/** A result that is ready to be written, and what it is of. */
export interface Converted extends Drawing {
  readonly samples: number;
  readonly weight: { readonly type: string; readonly unit: string; readonly total: number };
}

/** Inputs in another format. Where nothing but the folded text of one input is wanted, its format may make that at once. */
export async function converted(
  format: string,
  inputs: readonly string[],
  options: ConvertWishes,
  world: World,
): Promise<Converted> {
  if (format !== 'folded' || inputs.length !== 1 || !takesAll(options) || isFleetAddress(inputs[0]!)) {
    return ofProfile(format, await readInputs(inputs, options, world), options);
  }
  const { inputFormat } = options;
  const { readFolded } = await import('../../formats/registry.ts');
  await prepareEngine(inputs[0], world);
  keepDemangled(world.env);
  const originals = originalsFor(options);
  const read = await readFolded(inputs[0]!, rootMode(options, 'comm'), {
    ...standardInput(inputs[0]!, world),
    ...(inputFormat === undefined ? {} : { inputFormat }),
    ...(originals === undefined ? {} : { originals: originals.find }),
    ...readChoices(options),
  });
  if (!('chunks' in read)) return ofProfile(format, await asWritten(read, options), options);
  return { ...read, notes: [...read.notes, ...(originals?.notes() ?? [])] };
}

async function ofProfile(format: string, read: Profile, options: ConvertWishes): Promise<Converted> {
  const profile = select(chooseEvent(read, options), options);
  const { chunks, notes } = await writeFormat(format, profile, options);
  const { type, unit } = profile.valueTypes[defaultValueIndex(profile)]!;
  return {
    chunks,
    notes: [...profile.meta.notes, ...notes],
    samples: sampleCount(profile),
    weight: { type, unit, total: totalWeight(profile) },
  };
}
