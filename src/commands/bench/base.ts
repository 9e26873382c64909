import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Found, findBenchmarks, type Unloadable } from '../../bench/runner/found.ts';
import type { Place } from '../../bench/runner/worker.ts';
import { UserError } from '../../errors.ts';
import { checkOut } from '../../processes/git.ts';
import { runStep } from '../../processes/run-step.ts';
import { splitWords } from '../options/split-words.ts';

/** The other state of the sources, and its benchmarks by their ids. */
export interface Base {
  /** What messages call it. */
  readonly name: string;
  readonly found: ReadonlyMap<string, Found>;
  readonly notes: readonly string[];
  /** Takes the checkout away. */
  remove(): void;
}

/**
 * Gets the state that is compared with, and loads its benchmarks. Files with benchmarks that it does not have yet are
 * lent to it, so that a new benchmark can tell how old code does.
 * @param against a commit, or the path of a folder (with a slash)
 * @param files absolute, of the head
 * @param folder private; for the checkout and for what is bundled
 * @throws {UserError} there is no such state, or --base-setup failed
 */
export async function openBase(
  against: string,
  files: readonly string[],
  head: Place,
  folder: string,
  setup: string | undefined,
): Promise<Base> {
  const bundles = join(folder, 'base-bundles');
  if (against.includes('/') && statSync(resolve(head.cwd, against), { throwIfNoEntry: false })?.isDirectory()) {
    const root = resolve(head.cwd, against);
    const paths = files.map((file) => join(root, relative(head.cwd, file))).filter((path) => existsSync(path));
    const { found, unloadable } = await findBenchmarks(paths, { ...head, cwd: root }, bundles);
    return {
      name: against,
      found: byId(found),
      notes: unloadable.map((each) => notLoaded(each, against)),
      remove() {},
    };
  }
  const checkout = await checkOut(join(folder, 'base'), against, head.cwd);
  const { folder: root, repository, commit, remove } = checkout;
  try {
    const cwd = join(root, relative(repository, head.cwd));
    mkdirSync(cwd, { recursive: true });
    if (setup !== undefined) await runStep(['env', '-C', cwd, ...splitWords(setup)], '--base-setup');
    const { paths, lent } = lendFiles(files, repository, root);
    const { found, unloadable } = await findBenchmarks(paths, { ...head, cwd }, bundles);
    const notes = [
      ...(lent.length === 0 ? [] : [`${commit} does not have ${lent.join(', ')}: it is measured with those of today`]),
      ...unloadable.map(
        (each) => `${notLoaded(each, commit)}${setup === undefined ? '; does it need a build? see --base-setup' : ''}`,
      ),
    ];
    return { name: commit === against ? commit : `${against} (${commit})`, found: byId(found), notes, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function notLoaded({ file, failure }: Unloadable, base: string): string {
  return `${file} cannot be loaded at ${base}: ${failure.what}`;
}

function lendFiles(
  files: readonly string[],
  repository: string,
  root: string,
): { readonly paths: readonly string[]; readonly lent: readonly string[] } {
  const lent: string[] = [];
  const paths = files.map((file) => {
    const name = relative(repository, file);
    if (name.startsWith('..')) throw new UserError(`${file} is not in the repository ${repository}`);
    const path = join(root, name);
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true });
      copyFileSync(file, path);
      lent.push(name);
    }
    return path;
  });
  return { paths, lent };
}

function byId(found: readonly Found[]): Map<string, Found> {
  return new Map(found.map((each) => [each.id.title, each]));
}
