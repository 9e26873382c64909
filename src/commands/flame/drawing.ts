import { withCountName } from '../../profile/count-name.ts';
import type { Profile } from '../../profile/profile.ts';
import { withoutThreads } from '../../profile/threads.ts';
import type { FlameTextOptions } from '../../render/flame-text.ts';
import { renderers } from '../../render/registry.ts';
import { reportJson } from '../../render/report-json.ts';
import { topText } from '../../render/top-text.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { World } from '../../world.ts';
import type { Call } from '../command.ts';
import { collapse, rootMode } from '../inputs/collapse-options.ts';
import { drawByInferno } from './inferno-drawing.ts';
import { type FlameOptions, isClassic } from './options.ts';
import { pictureOf } from './picture.ts';
import { type Drawing, writeFormat } from './write-format.ts';

/** The result of `flame` in one of its formats: a picture or report, or a profile file that other tools read. */
export async function drawFlame(
  format: string,
  profile: Profile,
  options: FlameOptions,
  world: World,
): Promise<FlameDrawing> {
  if (options.renderer === 'inferno') return { ...(await drawByInferno(profile, options)), done: async () => {} };
  const renderer = await renderers.find(({ id }) => id === format)?.load();
  if (renderer === undefined) return { ...(await writeFormat(format, profile, options)), done: async () => {} };
  if (renderer.id === 'svg') {
    // Who reads the picture back shall know what it counts, as who looks at it does
    const counted = options.countName === undefined ? profile : withCountName(profile, options.countName);
    const picture = pictureOf(collapse(counted, options, 'name'), options, world);
    const drawer = isClassic(options) ? (await import('../../render/flame-svg.ts')).flameSvg : renderer;
    const embed = options.embed && embedded(counted, options);
    const chunks = drawer.render(picture.profile, { ...picture.options, embed });
    return { chunks, notes: [...picture.notes, ...(embed ? [] : [NOT_EMBEDDED])], done: picture.done };
  }
  if (renderer.id === 'html') return (await import('./html-drawing.ts')).drawHtml(profile, options, world);
  const drawn = collapse(profile, options, undefined);
  const chunks = renderer.render(drawn, renderer.id === 'text' ? textOptions(options, world) : {});
  return { chunks, notes: [], done: async () => {} };
}

/**
 * What a picture holds. Callers' views and root frames are made anew of it, of threads by whatever they are called then;
 * frames that somebody left out are not in it.
 */
function embedded(profile: Profile, options: FlameOptions): Profile {
  const collapsed = (roots: 'name' | undefined): Profile =>
    collapse(profile, roots ? options : { ...options, pids: false, tids: false }, roots);
  if (options.skipAfter === undefined || options.compat !== undefined) return collapsed(undefined);
  // It leaves out root frames as well: they must not come back
  return withoutThreads(collapsed('name'));
}

const NOT_EMBEDDED =
  '--no-embed: the picture is all that can be read back or compared: what is too narrow to draw is lost to that';

function textOptions(options: FlameOptions, world: World): FlameTextOptions {
  const { output = '-', color, title, compat } = options;
  const threads = compat === undefined && rootMode(options, undefined) === undefined;
  return { ...textLook(world, output === '-', color), threads, ...(title === undefined ? {} : { title }) };
}

/** A result that is ready to be written. */
export interface FlameDrawing extends Drawing {
  /** To be called when it is written. */
  done(): Promise<void>;
}

/**
 * Prints what the recording says at first sight: the table of the hottest functions, and what was lost or guessed.
 * @param printed the table is the result itself and stands on standard output already
 * @param said notes that the person has been told before
 */
export function summarize(call: Call, profile: Profile, printed: boolean, said: ReadonlySet<string>): void {
  const { world, shared } = call;
  if (shared.json) world.stdout.write(`${JSON.stringify(reportJson(profile), null, 2)}\n`);
  if (shared.quiet) return;
  for (const note of profile.meta.notes) {
    if (!said.has(note)) world.stderr.write(`pforge-prof: note: ${escapeTerminal(note)}\n`);
  }
  if (shared.json || printed) return;
  const width = Math.min(world.stderr.columns || 100, 160);
  world.stderr.write(topText(profile, { limit: 15, width, color: shared.color }));
}
