import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** Where shared libraries are; distributions differ. */
const FOLDERS = ['/usr/local/lib', '/usr/lib64', '/usr/lib', '/lib64', '/lib'];

/**
 * Finds a shared library of this machine's architecture.
 * @param name as programs ask for it: `libjemalloc.so.2`
 */
export function findLibrary(name: string): string | undefined {
  const architecture = process.arch === 'x64' ? 'x86_64' : process.arch === 'arm64' ? 'aarch64' : process.arch;
  const own = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter(isAbsolute);
  const multiarch = FOLDERS.flatMap((folder) =>
    namesIn(folder)
      .filter((entry) => entry.startsWith(`${architecture}-linux`))
      .map((entry) => join(folder, entry)),
  );
  return [...own, ...multiarch, ...FOLDERS].map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
