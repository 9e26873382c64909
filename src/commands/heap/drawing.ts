import type { Output } from '../../output.ts';
import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { sampleCount } from '../../profile/sample-count.ts';
import { reportJson } from '../../render/report-json.ts';
import { topText } from '../../render/top-text.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { drawFlame, summarize } from '../flame/drawing.ts';
import { type FlameOptions, flameDefaults } from '../flame/options.ts';
import type { Recording } from '../record/recording.ts';
import { keepIfAsked } from '../track/option.ts';
import { wrote } from '../wrote.ts';
import type { HeapCommandOptions } from './options.ts';

interface Wishes {
  readonly format: string;
  /** Undefined where nothing but `--json` is wanted. */
  readonly output: Output | undefined;
  readonly options: HeapCommandOptions;
  /** Fresh from a recording: the table stands on standard error, beside the file. */
  readonly recorded: boolean;
}

/** Writes an allocation profile as it is wanted, and says what stands out. */
export async function drawAllocations(
  call: Call,
  { profile, ending }: Recording,
  { format, output, options, recorded }: Wishes,
  progress: Progress,
): Promise<void> {
  const said = new Set<string>();
  if (output !== undefined) {
    const { chunks, notes, done } = await drawn(call, profile, format, output.isStdout, options);
    for (const note of notes) {
      said.add(note);
      progress.say(`note: ${note}`);
    }
    const size = await output.write(chunks);
    await done();
    const suffix = ending === undefined ? '' : `; ${ending}`;
    if (!output.isStdout) {
      progress.say(`${wrote(output, size, sampleCount(profile))}${suffix}`);
    }
  }
  progress.end();
  if (recorded || call.shared.json) summarize(call, profile, format === 'text' && output?.isStdout === true, said);
  else for (const note of profile.meta.notes) if (!said.has(note)) progress.say(`note: ${note}`);
  await keepIfAsked(options, () => reportJson(profile), progress);
}

async function drawn(
  { world }: Call,
  profile: Profile,
  format: string,
  toStdout: boolean,
  { title, limit, color, output }: HeapCommandOptions,
) {
  if (format === 'text') {
    const look = textLook(world, toStdout, color);
    const text = topText(profile, { ...look, ...(limit === undefined ? {} : { limit }) });
    return { chunks: [text], notes: [], done: async () => {} };
  }
  const drawing: FlameOptions = {
    ...flameDefaults(),
    ...(output === undefined ? {} : { output }),
    ...(color === undefined ? {} : { color }),
    title: title ?? titleOf(profile),
  };
  return drawFlame(format, profile, drawing, world);
}

function titleOf(profile: Profile): string {
  const { type } = profile.valueTypes[defaultValueIndex(profile)]!;
  if (type === 'alloc_space') return 'Memory by who allocated it';
  return type === 'inuse_space' ? 'Memory in use, by who allocated it' : 'Heap';
}
