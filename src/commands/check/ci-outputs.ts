import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import type { Command as CommanderCommand } from 'commander';
import { readError, UserError } from '../../errors.ts';
import type { CheckReport } from '../../history/check-report.ts';
import { appendToDataJs, type DataJs, dataJsText, parseDataJs } from '../../history/data-js.ts';
import { locked } from '../../history/file-lock.ts';
import { bencherMetrics } from '../../history/result-files.ts';
import { type Output, openOutput } from '../../output.ts';
import { commitPeople } from '../../processes/commit-people.ts';
import { githubAnnotations } from '../../render/ci/github-annotations.ts';
import { junitXml } from '../../render/ci/junit.ts';
import { checkComment, checkMarkdown } from '../../render/ci/markdown.ts';
import { openMetrics } from '../../render/ci/open-metrics.ts';
import type { World } from '../../world.ts';
import { number } from '../options/values.ts';

/** Files for continuous integration; `check` and `track` have them all. */
export interface CiOptions {
  readonly junit?: string;
  readonly comment?: string;
  readonly gitlab?: string;
  readonly bmf?: string;
  readonly dataJs?: string;
  readonly maxItems?: number;
}

/** Adds the options of {@link CiOptions}. */
export function addCiOptions(command: CommanderCommand): CommanderCommand {
  return command
    .optionsGroup(
      'Continuous integration (GitHub is told by annotations and the summary of the job, without an option):',
    )
    .option('--junit <file>', 'JUnit XML: Jenkins, GitLab, Azure and others show it')
    .option('--comment <file>', 'the body of a comment on a pull request; its first line is always the same')
    .option('--gitlab <file>', "OpenMetrics text for GitLab's metrics report")
    .option('--bmf <file>', 'results as Bencher Metric Format')
    .option('--data-js <file>', "add the results to github-action-benchmark's data.js (or its JSON)")
    .option(
      '--max-items <n>',
      'so many results of each suite stay in --data-js',
      number({ min: 1, max: 1e6, whole: true }),
    );
}

/** What was opened, before anything is measured. */
export interface CiOutputs {
  /** Writes all that was asked for, and tells GitHub where it runs us. @returns what was written, for the person */
  write(report: CheckReport): Promise<readonly string[]>;
}

/** GitHub takes so much of a step: https://docs.github.com/actions (job summaries). */
const LONGEST_SUMMARY = 1024 * 1024;

/** @throws {UserError} one of the files cannot be written, or data.js is broken */
export function ciOutputs(options: CiOptions, world: World): CiOutputs {
  const { env } = world;
  const open = (path: string | undefined, option: string): Output | undefined =>
    path === undefined ? undefined : openOutput(path, world, { option });
  const junit = open(options.junit, '--junit');
  const comment = open(options.comment, '--comment');
  const gitlab = open(options.gitlab, '--gitlab');
  const bmf = open(options.bmf, '--bmf');
  const dataJs = open(options.dataJs, '--data-js');
  if (options.maxItems !== undefined && dataJs === undefined) {
    throw new UserError('--max-items is for --data-js', { hint: 'give --data-js FILE' });
  }
  if (dataJs !== undefined) readDataJs(options.dataJs!);
  return {
    async write(report) {
      const written: string[] = [];
      const put = async (output: Output | undefined, chunks: () => Iterable<string>): Promise<void> => {
        if (output === undefined) return;
        await output.write(chunks());
        if (!output.isStdout) written.push(output.name);
      };
      await put(junit, () => junitXml(report));
      await put(comment, () => [checkComment(report)]);
      await put(gitlab, () => openMetrics(report));
      await put(bmf, () => [`${JSON.stringify(bencherMetrics(report.results), null, 2)}\n`]);
      if (dataJs !== undefined) {
        const added = await dataJsEntry(report, options, env);
        // Two jobs at once: each adds to what the other has written
        await locked(`${options.dataJs}.lock`, () => {
          const data = appendToDataJs(readDataJs(options.dataJs!), report.results, added);
          return put(dataJs, () => [dataJsText(data, options.dataJs!)]);
        });
      }
      if (env.GITHUB_ACTIONS === 'true') {
        // Both streams are read for commands, and standard output may be somebody's data
        for (const line of githubAnnotations(report)) world.stderr.write(`${line}\n`);
      }
      if (env.GITHUB_STEP_SUMMARY) appendSummary(env.GITHUB_STEP_SUMMARY, report);
      return written;
    },
  };
}

/** Adds to what earlier calls of the same step have written; what is too much for GitHub is left out, or all is refused. */
function appendSummary(path: string, report: CheckReport): void {
  const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let text = checkMarkdown(report);
  for (
    let room = LONGEST_SUMMARY - before;
    Buffer.byteLength(text) > LONGEST_SUMMARY - before;
    room = Math.floor(room / 2)
  ) {
    if (room < 1000) return;
    text = checkMarkdown(report, room);
  }
  try {
    appendFileSync(path, text);
  } catch (error) {
    throw new UserError(`cannot write $GITHUB_STEP_SUMMARY (${path}): ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    });
  }
}

/** @throws {UserError} it cannot be read, or is broken; one that is not there is empty */
export function readDataJs(path: string): DataJs {
  if (!existsSync(path)) return parseDataJs(undefined, path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw readError(path, error);
  }
  return parseDataJs(text, path);
}

async function dataJsEntry(
  { commit, suite }: CheckReport,
  options: CiOptions,
  env: NodeJS.ProcessEnv,
): Promise<Parameters<typeof appendToDataJs>[2]> {
  const people = await commitPeople(process.cwd(), commit.id);
  const person = (one: { name: string; email: string } | undefined) => ({
    name: one?.name ?? '',
    email: one?.email ?? '',
    username: env.GITHUB_ACTOR ?? '',
  });
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  const repoUrl = server && repository ? `${server}/${repository}` : (people?.repository ?? '');
  return {
    suite,
    commit: {
      author: person(people?.author),
      committer: person(people?.committer),
      distinct: true,
      id: commit.id,
      message: people?.message ?? commit.subject ?? '',
      timestamp: commit.time ?? new Date().toISOString(),
      ...(people === undefined ? {} : { tree_id: people.tree }),
      url: repoUrl === '' ? '' : `${repoUrl}/commit/${commit.id}`,
    },
    date: Date.now(),
    repoUrl,
    maxItems: options.maxItems,
  };
}
