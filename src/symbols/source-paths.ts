import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const scheme = /^[a-z][a-z0-9+.-]*:/i;

/**
 * What a source of a map is called: the path of its file, or its address where that is none (`webpack://app/src/a.ts`).
 * @param source as the map has it: an address, absolute or relative to the root
 * @param root the map's `sourceRoot`; '' = none
 * @param folder in which the map stands: an absolute path
 */
export function sourcePath(source: string, root: string, folder: string): string {
  const joined = root === '' || isAbsolute(source) ? source : root.endsWith('/') ? root + source : `${root}/${source}`;
  if (/^file:/i.test(joined)) return filePath(joined);
  // Bundlers make up addresses such as webpack://app/./src/a.ts?1f2e for what has been a file
  if (scheme.test(joined)) return joined.replace(/\?[0-9a-f]{4,}$/, '').replaceAll('/./', '/');
  const path = posix.resolve(folder, joined);
  return path.includes('%') && !existsSync(path) ? posix.resolve(folder, unescaped(joined)) : path;
}

function isAbsolute(source: string): boolean {
  return source.startsWith('/') || scheme.test(source);
}

function filePath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

/** Relative sources are addresses, with `%20` for a blank. TypeScript 7 writes the name of the file as it is. */
function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
