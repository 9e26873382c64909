import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { findTool } from './executables.ts';
import { runTool } from './run-tool.ts';

/** How long git may take: a large repository is checked out. */
const PATIENCE_MS = 10 * 60_000;

/** Another state of a repository, checked out beside it. */
export interface Checkout {
  /** The top folder of it, and that of the repository. */
  readonly folder: string;
  readonly repository: string;
  /** The commit, as `git describe` would tell it. */
  readonly commit: string;
  /** Removes it; what ends our process short of SIGKILL does so too. Safe to call twice. */
  remove(): void;
}

/**
 * Checks a state of a repository out into a folder, with the repository's own `node_modules` linked into it.
 * @param folder must not exist
 * @param ref a branch, tag or commit
 * @param within a folder of the repository
 * @throws {UserError} there is no git, no repository or no such ref
 */
export async function checkOut(folder: string, ref: string, within: string): Promise<Checkout> {
  const git = findTool('git');
  if (git === undefined) {
    throw new UserError('git is not there', { hint: 'apt-get install git', exitCode: EXIT.cannotCollect });
  }
  const run = async (cwd: string, ...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runTool(git, ['-C', cwd, ...words], PATIENCE_MS);
    if (code === 0) return stdout.trim();
    const why =
      stderr
        .trim()
        .split('\n')
        .at(-1)
        ?.replace(/^(fatal|error): /, '') ?? '';
    const command = words.find((word) => /^[a-z-]+$/.test(word) && !word.startsWith('-'));
    throw new UserError(`git ${command} failed: ${why}`, { hint: 'see git status', exitCode: EXIT.cannotCollect });
  };
  const repository = await run(within, 'rev-parse', '--show-toplevel').catch(() => {
    throw new UserError(`${within} is not in a git repository`, {
      hint: 'give --against a folder with the other state',
    });
  });
  const commit = await run(repository, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).catch(
    () => {
      throw new UserError(`there is no commit '${ref}' in ${repository}`, {
        hint: 'give a branch, a tag, a commit, or a folder such as ./other',
      });
    },
  );
  let there = true;
  const remove = (): void => {
    if (!there) return;
    there = false;
    process.removeListener('exit', remove);
    spawnSync(git, ['-C', repository, 'worktree', 'remove', '--force', folder], { stdio: 'ignore' });
  };
  process.once('exit', remove);
  // Hooks are made for people at work, and may fail or ask
  await run(repository, '-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--quiet', '--detach', folder, commit);
  const manifests = await run(repository, 'ls-files', '-z', '--', 'package.json', '*/package.json');
  for (const manifest of manifests.split('\0').filter(Boolean)) {
    linkModules(dirname(join(repository, manifest)), dirname(join(folder, manifest)), { repository, folder });
  }
  return { folder, repository, commit: await run(repository, 'describe', '--always', '--tags', commit), remove };
}

/**
 * Packages are the same on both sides, unless the person says how to install those of the other: but packages that are
 * part of the repository (workspaces) are those of the checkout.
 */
function linkModules(from: string, to: string, { repository, folder }: { repository: string; folder: string }): void {
  const modules = join(from, 'node_modules');
  const links = join(to, 'node_modules');
  if (!existsSync(modules) || existsSync(links)) return;
  const own = `${realpathSync(repository)}/`;
  const link = (path: string, as: string): void => {
    const target = realpathSync(path);
    const isWorkspace = target.startsWith(own) && !target.includes('/node_modules/');
    symlinkSync(isWorkspace ? join(folder, target.slice(own.length)) : path, as);
  };
  mkdirSync(links, { recursive: true });
  for (const name of readdirSync(modules)) {
    if (!name.startsWith('@')) {
      if (existsSync(join(modules, name))) link(join(modules, name), join(links, name));
      continue;
    }
    mkdirSync(join(links, name));
    for (const scoped of readdirSync(join(modules, name))) {
      const path = join(modules, name, scoped);
      if (existsSync(path)) link(path, join(links, name, scoped));
    }
  }
}
