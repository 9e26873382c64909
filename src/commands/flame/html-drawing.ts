import type { Profile } from '../../profile/profile.ts';
import { flameHtml } from '../../render/html/flame-html.ts';
import { sourceTexts } from '../../symbols/source-texts.ts';
import type { World } from '../../world.ts';
import { collapse, rootMode } from '../inputs/collapse-options.ts';
import type { FlameDrawing } from './drawing.ts';
import type { FlameOptions } from './options.ts';
import { pictureOf } from './picture.ts';

/** The HTML report of a profile, with the source files that are below the current folder. */
export function drawHtml(profile: Profile, options: FlameOptions, world: World): FlameDrawing {
  // The page turns stacks itself: its other views want them as they are.
  const picture = pictureOf(
    collapse(profile, options, undefined),
    { ...options, reverse: false, flamechart: false },
    world,
  );
  const { palette, notes, inverted = false } = picture.options;
  const sources = options.sources === false ? [] : sourceTexts(picture.profile, process.cwd());
  const { title, search } = options;
  const subtitle = options.subtitle ?? (title === undefined ? undefined : profile.meta.command?.join(' '));
  const chunks = flameHtml.render(picture.profile, {
    ...(title === undefined ? {} : { title }),
    ...(subtitle === undefined ? {} : { subtitle }),
    ...(search === undefined ? {} : { search: searchText(search) }),
    ...(palette === undefined ? {} : { palette }),
    ...(notes === undefined ? {} : { notes }),
    inverted,
    view: options.flamechart ? 'time' : 'flame',
    callers: options.reverse === true,
    sources,
    // Roots that were asked for, and those of another tool's stacks, are frames already
    threadRoots: rootMode(options, undefined) === undefined && options.compat === undefined,
  });
  const said = [
    ...(sources.length === 0 ? [] : [sourcesNote(sources.length)]),
    ...(options.embed ? [] : ['--no-embed does nothing here: an HTML report is drawn from the profile that it holds']),
  ];
  return { chunks, notes: [...picture.notes, ...said], done: picture.done };
}

function sourcesNote(files: number): string {
  return `the page holds lines of ${files} source ${files === 1 ? 'file' : 'files'} below this folder: --no-sources leaves them out`;
}

/** The page takes a text for what it is, unless it stands between slashes. */
function searchText(pattern: string): string {
  return /[\\^$.*+?()[\]{}|]/.test(pattern) ? `/${pattern}/` : pattern;
}
