import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageRoot } from '../../package-root.ts';
import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import type { SourceText } from '../../profile/source-text.ts';
import { type Palette, type PaletteId, paletteOf } from '../colors.ts';
import { escapeXml } from '../escape.ts';
import type { Renderer } from '../renderer.ts';
import { summaryOf } from '../summary.ts';
import { encodeProfile } from './encode.ts';
import { factsOf } from './facts.ts';
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

/** Level 6 makes the block 4 % smaller and takes twice as long. */
const GZIP_LEVEL = 4;
/** Multiple of three: each piece is base64 without padding. */
const PIECE = 3 << 18;

/**
 * One self-contained page: flame graph, timeline, functions with their callers and callees, source lines, facts. It
 * loads nothing and its Content-Security-Policy allows nothing but its own script and style, by their hashes. Names of
 * the profile are in compressed blocks, but for the title, and reach the document as text only.
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
  const script = builtFile('app.js');
  const style = builtFile('app.css');
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="pforge-prof">
<title>${escapeXml(title)}${options.subtitle ? ` – ${escapeXml(options.subtitle)}` : ''}</title>
<style>${style}</style>
</head>
<body>
<noscript>This report draws itself: it needs JavaScript, and loads nothing. <code>pforge-prof flame -o x.svg</code> makes a picture that does not need it.</noscript>
`;
  yield* dataBlock(SUMMARY_ID, blocks.summary);
  if (blocks.samples !== undefined) yield* dataBlock(SAMPLES_ID, blocks.samples);
  yield `<script>${script}</script>
</body>
</html>
`;
}

/** A script element of a type that no browser runs, with compressed bytes in base64. */
function* dataBlock(id: string, bytes: Uint8Array<ArrayBuffer>): Iterable<string> {
  const packed = gzipSync(bytes, { level: GZIP_LEVEL });
  yield `<script type="application/gzip" id="${id}">`;
  for (let from = 0; from < packed.length; from += PIECE) yield packed.toString('base64', from, from + PIECE);
  yield '</script>\n';
}

/** What the build made of `app/`. */
function builtFile(name: string): string {
  return readFileSync(join(packageRoot(), 'dist/html', name), 'utf8').trim();
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
