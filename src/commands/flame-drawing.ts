import type { Profile } from '../profile/profile.ts';
import { mergeTiers } from '../profile/tiers.ts';
import type { FlameSvgOptions } from '../render/flame-svg.ts';
import { renderers } from '../render/registry.ts';
import { reportJson } from '../render/report-json.ts';
import { topText } from '../render/top-text.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import { collapse } from './collapse-options.ts';
import type { Call } from './command.ts';
import type { FlameOptions } from './flame-options.ts';
import { type Drawing, writeFormat } from './write-format.ts';

/** The result of `flame` in one of its formats: a picture or report, or a profile file that other tools read. */
export async function drawFlame(format: string, profile: Profile, options: FlameOptions): Promise<Drawing> {
  const renderer = await renderers.find(({ id }) => id === format)?.load();
  if (renderer === undefined) return writeFormat(format, profile, options);
  if (renderer.id === 'svg') {
    const drawn = collapse(profile, options, 'name');
    const chunks = renderer.render(options.colors === 'tier' ? drawn : mergeTiers(drawn), svgOptions(profile, options));
    return { chunks, notes: [] };
  }
  if (renderer.id === 'html') return (await import('./html-drawing.ts')).drawHtml(profile, options);
  const limits = renderer.id === 'text' ? { limit: 40, width: 120 } : {};
  return { chunks: renderer.render(collapse(profile, options, undefined), limits), notes: [] };
}

function svgOptions(profile: Profile, options: FlameOptions): FlameSvgOptions {
  const subtitle = options.subtitle ?? profile.meta.command?.join(' ');
  return {
    title: options.title ?? 'Flame graph',
    colors: options.colors,
    inverted: options.inverted === true,
    notes: profile.meta.notes,
    ...(subtitle === undefined ? {} : { subtitle }),
    ...(options.width === undefined ? {} : { width: options.width }),
    ...(options.minWidth === undefined ? {} : { minWidth: options.minWidth }),
    ...(options.search === undefined ? {} : { search: options.search }),
  };
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
  const width = Math.min(world.stderr.columns ?? 100, 160);
  world.stderr.write(topText(profile, { limit: 15, width, color: shared.color }));
}
