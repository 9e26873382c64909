import type { Profile } from '../profile/profile.ts';
import { mergeTiers } from '../profile/tiers.ts';
import { flameHtml } from '../render/html/flame-html.ts';
import { sourceTexts } from '../symbols/source-texts.ts';
import { collapse, rootMode } from './collapse-options.ts';
import type { FlameOptions } from './flame-options.ts';
import type { Drawing } from './write-format.ts';

/** The HTML report of a profile, with the source files that are below the current folder. */
export function drawHtml(profile: Profile, options: FlameOptions): Drawing {
  const collapsed = collapse(profile, options, undefined);
  const drawn = options.colors === 'tier' ? collapsed : mergeTiers(collapsed);
  const sources = options.sources === false ? [] : sourceTexts(drawn, process.cwd());
  const subtitle = options.subtitle ?? (options.title === undefined ? undefined : profile.meta.command?.join(' '));
  const chunks = flameHtml.render(drawn, {
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(subtitle === undefined ? {} : { subtitle }),
    ...(options.search === undefined ? {} : { search: searchText(options.search) }),
    colors: options.colors,
    inverted: options.inverted === true,
    sources,
    // Roots that were asked for, and those of another tool's stacks, are frames already
    threadRoots: rootMode(options, undefined) === undefined && options.compat === undefined,
  });
  return { chunks, notes: sources.length === 0 ? [] : [sourcesNote(sources.length)] };
}

function sourcesNote(files: number): string {
  return `the page holds lines of ${files} source ${files === 1 ? 'file' : 'files'} below this folder: --no-sources leaves them out`;
}

/** The page takes a text for what it is, unless it stands between slashes. */
function searchText(pattern: string): string {
  return /[\\^$.*+?()[\]{}|]/.test(pattern) ? `/${pattern}/` : pattern;
}
