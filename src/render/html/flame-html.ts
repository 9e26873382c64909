import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import type { SourceText } from '../../profile/source-text.ts';
import { type Palette, type PaletteId, paletteOf } from '../colors.ts';
import type { Renderer } from '../renderer.ts';
import { summaryOf } from '../summary.ts';
import { encodeProfile } from './encode.ts';
import { factsOf } from './facts.ts';
import { htmlPage } from './page.ts';
import { SAMPLES_ID, SUMMARY_ID } from './page-data.ts';

export interface FlameHtmlOptions {
  /** Default: the command that was recorded, else `Profile`. */
  readonly title?: string;
  /** Stands under the title, before the totals. Default: none. */
  readonly subtitle?: string;
  /** Default `kind`; that is drawn as `warm` where no frame's kind is known. */
  readonly colors?: PaletteId;
  /** In the place of the palette that `colors` names. */
  readonly palette?: Palette;
  /** What was lost or guessed. Default: the notes of the profile. */
  readonly notes?: readonly string[];
  /** The view that is seen first. Default: the flame graph. */
  readonly view?: 'flame' | 'time';
  /** Roots on top (icicle) when the page opens. Default false. */
  readonly inverted?: boolean;
  /** Begin with the tree of callers: what took the time, and above it who called it. Default false. */
  readonly callers?: boolean;
  /** A search that is made when the page opens. Default none. */
  readonly search?: string;
  /** Index into `valueTypes` that is shown first. Default: the profile's default. */
  readonly valueIndex?: number;
  /** Whether the flame graph puts each thread below a root frame of its own. Default true. */
  readonly threadRoots?: boolean;
  /** Lines of source files to show beside the numbers. Default none. */
  readonly sources?: readonly SourceText[];
}

/**
 * One self-contained page (see {@link htmlPage}): flame graph, timeline, functions with their callers and callees, source
 * lines, facts.
 */
export const flameHtml: Renderer<FlameHtmlOptions> = {
  id: 'html',
  title: 'interactive report: flame graph, timeline, functions, source (one HTML file)',
  extension: 'html',
  render: renderFlameHtml,
};

function* renderFlameHtml(profile: Profile, options: FlameHtmlOptions): Iterable<string> {
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const title = options.title ?? (profile.meta.command?.join(' ') || 'Profile');
  const subtitle = [options.subtitle ?? '', ...summaryOf(profile, valueIndex)].filter(Boolean).join('  ·  ');
  const blocks = encodeProfile(profile, options.palette ?? paletteOf(profile, options.colors), {
    title,
    subtitle,
    valueIndex,
    facts: factsOf(profile),
    notes: options.notes ?? profile.meta.notes,
    view: options.view ?? 'flame',
    callers: options.callers ?? false,
    inverted: options.inverted ?? false,
    threadRoots: options.threadRoots ?? true,
    search: options.search ?? '',
    sources: options.sources ?? [],
  });
  yield* htmlPage({
    title,
    subtitle: options.subtitle ?? '',
    app: 'app',
    instead: 'pforge-prof flame -o x.svg',
    blocks: [
      { id: SUMMARY_ID, bytes: blocks.summary },
      ...(blocks.samples === undefined ? [] : [{ id: SAMPLES_ID, bytes: blocks.samples }]),
    ],
  });
}
