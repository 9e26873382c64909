import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findTool } from './executables.ts';

/** A tool of the person's own that came as a package of npm. */
export interface NodeTool {
  /** What a shell would start. */
  readonly path: string;
  /** The folder of the package that it belongs to, where that can be told. */
  readonly folder: string | undefined;
  /** '' = unknown. */
  readonly version: string;
}

/** Finds a command as npx would: in the `node_modules/.bin` of the current folder or one above it, else on PATH. */
export function findNodeTool(name: string, cwd: string = process.cwd()): NodeTool | undefined {
  const path = inNodeModules(name, cwd) ?? findTool(name);
  if (path === undefined) return undefined;
  const folder = packageOf(realpathSync(path), name) ?? packageAt(join(dirname(dirname(path)), name), name);
  return { path, folder, version: folder === undefined ? '' : (manifestOf(folder)?.version ?? '') };
}

function inNodeModules(name: string, cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules/.bin', name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

/** npm links commands to files of the package; others write scripts beside it. */
function packageOf(file: string, name: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (packageAt(folder, name) !== undefined) return folder;
  }
  return undefined;
}

function packageAt(folder: string, name: string): string | undefined {
  return manifestOf(folder)?.name === name ? realpathSync(folder) : undefined;
}

function manifestOf(folder: string): { readonly name?: string; readonly version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
