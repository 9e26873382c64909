import type { FrameWords } from '../builder.ts';
import { movedFiles } from './moved-files.ts';

/**
 * Names functions of two recordings alike: without lines, which move when a program is changed, and by the before side's
 * paths where a program or its sources lie elsewhere now.
 * @param before all functions of the before side
 * @param after all functions of the after side
 */
export function movedSites(
  before: readonly FrameWords[],
  after: readonly FrameWords[],
): { before(site: FrameWords): FrameWords; after(site: FrameWords): FrameWords } {
  const files = movedFiles(pathsOf(before, 'file'), pathsOf(after, 'file'));
  const modules = movedFiles(pathsOf(before, 'module'), pathsOf(after, 'module'));
  return {
    before: withoutLine,
    after: (site) => {
      const { file, module, ...words } = withoutLine(site);
      return {
        ...words,
        ...(file === undefined ? {} : { file: files.get(file) ?? file }),
        ...(module === undefined ? {} : { module: modules.get(module) ?? module }),
      };
    },
  };
}

/** What tells functions apart that {@link movedSites} named. */
export function siteKey({ name, file = '', module = '' }: FrameWords): string {
  return `${name}\0${file}\0${module}`;
}

function withoutLine({ line: _moves, column: _too, ...site }: FrameWords): FrameWords {
  return site;
}

function pathsOf(sites: readonly FrameWords[], kind: 'file' | 'module'): Set<string> {
  return new Set(sites.flatMap(({ [kind]: path }) => (path === undefined || path === '' ? [] : [path])));
}
