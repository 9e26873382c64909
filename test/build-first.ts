import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const SOURCES = ['src', 'scripts', ...readdirSync(ROOT).filter((name) => /^(?:package|tsconfig).*\.json$/.test(name))];

/** Tests that spawn the real binary must see today's sources; what `npm ci` has just built is made of them. */
export default function setup(): void {
  const built = statSync(join(ROOT, 'dist'), { throwIfNoEntry: false });
  const told = process.env.PFORGE_PROF_COVERAGE !== undefined;
  if (!told && built !== undefined && SOURCES.every((name) => newest(join(ROOT, name)) < built.mtimeMs)) return;
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT, stdio: 'inherit' });
}

/** When something in a folder was last written, added or removed: milliseconds. */
function newest(path: string): number {
  const state = statSync(path);
  const inner = state.isDirectory() ? readdirSync(path).map((name) => newest(join(path, name))) : [];
  return Math.max(state.mtimeMs, ...inner);
}
