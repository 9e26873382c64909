import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { openOutput } from '../output.ts';
import { type RepositoryPlace, repositoryPlace } from '../processes/repository.ts';
import { githubWorkflow } from '../render/ci/github-workflow.ts';
import { gitlabPipeline } from '../render/ci/gitlab-pipeline.ts';
import type { ProjectSetup } from '../render/ci/project-setup.ts';
import type { Call, Command } from './command.ts';
import { guarded } from './guarded.ts';

const EXAMPLES = `
Examples:
  pforge-prof init                    what can be written
  pforge-prof init github             .github/workflows/benchmarks.yml: measure, check, keep a history, comment
  pforge-prof init gitlab             .gitlab-ci.yml: the same for merge requests
  pforge-prof init config             pforge-prof.config.json: budgets for check
  pforge-prof init github -o -        look at it only
`;

/** Something that can be written for a project. */
interface Starter {
  readonly id: string;
  /** From the top folder of the repository. */
  readonly path: string;
  readonly summary: string;
  /** What to do next, for the person. */
  readonly next: string;
  text(setup: ProjectSetup): string;
}

const STARTERS: readonly Starter[] = [
  {
    id: 'github',
    path: '.github/workflows/benchmarks.yml',
    summary: 'a workflow: measures pull requests against their base, keeps a history, comments, fails on regressions',
    next: 'commit it; benchmarks are in bench/**/*.bench.{ts,js,mjs}, and pforge-prof among the devDependencies',
    text: githubWorkflow,
  },
  {
    id: 'gitlab',
    path: '.gitlab-ci.yml',
    summary: 'a pipeline: measures merge requests against their base, keeps a history, reports tests and metrics',
    next: 'commit it; benchmarks are in bench/**/*.bench.{ts,js,mjs}, and pforge-prof among the devDependencies',
    text: gitlabPipeline,
  },
  {
    id: 'config',
    path: 'pforge-prof.config.json',
    summary: 'budgets that check holds results against',
    next: 'write your limits into it; pforge-prof check --help lists what budgets can be about',
    text: () => `${JSON.stringify({ budgets: ['bench.*.median < +10% of baseline'] }, null, 2)}\n`,
  },
];

interface InitOptions {
  readonly output?: string;
  readonly force?: boolean;
}

/** Writes the files that a project needs, once. */
export const init: Command = {
  configure(command) {
    command
      .argument('[what]', `one of ${STARTERS.map(({ id }) => id).join(', ')}; without it they are listed`)
      .option('-o, --output <file>', 'another place; - is standard output')
      .option('--force', 'overwrite what is there')
      .addHelpText('after', EXAMPLES);
  },

  run(call, [what], rawOptions) {
    const options = rawOptions as InitOptions;
    if (call.program !== undefined) throw new UserError('init runs no program');
    const starter = STARTERS.find(({ id }) => id === what);
    if (what !== undefined && starter === undefined) {
      throw new UserError(`init knows no '${what}'`, { hint: `known are ${STARTERS.map(({ id }) => id).join(', ')}` });
    }
    return guarded(call, (progress) =>
      starter === undefined ? list(call) : write(call, starter, options, (line) => progress.say(line)),
    );
  },
};

async function list({ world, shared }: Call): Promise<number> {
  const rows = STARTERS.map(({ id, path, summary }) => ({ id, path, summary }));
  const text = shared.json
    ? JSON.stringify(rows, null, 2)
    : rows.map(({ id, path, summary }) => `${id.padEnd(8)} ${path}\n         ${summary}`).join('\n');
  await openOutput('-', world).write([`${text}\n`]);
  return EXIT.ok;
}

async function write(
  { world, shared }: Call,
  starter: Starter,
  { output, force }: InitOptions,
  say: (line: string) => void,
): Promise<number> {
  const cwd = process.cwd();
  const place = await repositoryPlace(cwd);
  const text = starter.text(setupOf(place));
  const path = output === undefined ? join(place.top, starter.path) : output;
  const tell = (): void => {
    if (shared.json) world.stdout.write(`${JSON.stringify({ id: starter.id, path })}\n`);
  };
  if (path !== '-' && existsSync(path) && !force) {
    if (readFileSync(path, 'utf8') === text) {
      say(`${shown(path, cwd)} is there already, just like that`);
      tell();
      return EXIT.ok;
    }
    throw new UserError(`${shown(path, cwd)} is there already`, {
      hint: '--force overwrites it, -o - shows what would be written',
    });
  }
  if (output === undefined) makeFolder(dirname(path));
  const opened = openOutput(path, world);
  await opened.write([text]);
  if (opened.isStdout) return EXIT.ok;
  say(`wrote ${shown(path, cwd)}; ${starter.next}`);
  tell();
  return EXIT.ok;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(`cannot make ${folder}: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}

function shown(path: string, cwd: string): string {
  return relative(cwd, path) || path;
}

function setupOf({ top, mainBranch }: RepositoryPlace): ProjectSetup {
  const has = (name: string): boolean => existsSync(join(top, name));
  const manager = has('pnpm-lock.yaml') ? 'pnpm' : has('yarn.lock') ? 'yarn' : 'npm';
  const hasLock = manager !== 'npm' || has('package-lock.json') || has('npm-shrinkwrap.json');
  return { manager, hasLock, mainBranch };
}
