import { resolve } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { branchResults } from '../history/branch-results.ts';
import type { KeptResult } from '../history/entry.ts';
import { HISTORY_FILE, type ReadHistory } from '../history/json-lines.ts';
import { judged, onBranch, seriesOf } from '../history/series.ts';
import { copyHistory, type HistoryStore, openHistory, resolvedStore } from '../history/store.ts';
import { openOutput } from '../output.ts';
import { plural } from '../plural.ts';
import { type RepositoryState, repositoryState } from '../processes/repository.ts';
import { besideWords, branchText } from '../render/branch-text.ts';
import { changeWords, historyText, seriesNames, shortId } from '../render/history-text.ts';
import type { Progress } from '../terminal/progress.ts';
import { textLook } from '../terminal/text-look.ts';
import { addCiOptions, type CiOptions, ciOutputs } from './check/ci-outputs.ts';
import type { Call, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { measurementsAt } from './measured/results.ts';
import { number, regexp } from './options/values.ts';
import { attach } from './track/attachments.ts';
import { historyPlace, keepResults, keptCommit } from './track/keep-results.ts';
import { freshRegression, historyReport, type Told } from './track/report.ts';

const EXAMPLES = `
Examples:
  pforge-prof bench --json > now.json; pforge-prof track now.json      keep what was measured, tell what changed
  pforge-prof track target/criterion                                   what Criterion measured; or 30 other harnesses
  pforge-prof track                                                    the history: series, and since which commit
  pforge-prof track now.json --fail-on-regression                      exit code 1 when the last commits became slower
`;

interface TrackOptions extends CiOptions {
  readonly store?: string;
  readonly copyTo?: string;
  readonly suite: string;
  readonly commit?: string;
  readonly machine?: string;
  readonly attach?: readonly string[];
  readonly branch?: string;
  readonly inputFormat?: string;
  readonly filter?: RegExp;
  readonly least: number;
  readonly failOnRegression?: true;
  readonly recent: number;
}

/** Keeps results over the commits, and tells since which one something is slower. */
export const track: Command = {
  configure(command) {
    command
      .argument(
        '[results...]',
        'results to keep: --json of any command, or what another harness or load tool wrote; - or target/criterion',
      )
      .option(
        '--store <place>',
        `the history: a file, sqlite:FILE, postgres://... (default: ${HISTORY_FILE} below the repository's top folder)`,
      )
      .option('--copy-to <place>', 'copy the history to another place, as --store names it; what it has stays there')
      .option('--suite <name>', 'names what belongs together, such as one job', '')
      .option('--commit <ref>', 'the commit that was measured (default: the one that is checked out)')
      .option('--machine <name>', 'the machine; each has series of its own (default: its processors)')
      .option('--attach <file...>', 'keep pictures of the run, such as a flame graph; the dashboard links them')
      .option('--branch <name>', 'the branch whose series are told (default: the default branch)')
      .option('--input-format <format>', 'the format of the results, instead of detecting it')
      .option('-f, --filter <regexp>', 'only series whose name matches', regexp)
      .option('--least <percent>', 'changes of less are not told', number({ min: 0, max: 1000 }), 0)
      .option(
        '--fail-on-regression',
        'exit with 1 when a series became worse within the last --recent runs; on another branch: when its newest commit is off',
      )
      .option('--recent <n>', 'runs that --fail-on-regression looks at', number({ min: 3, max: 1000, whole: true }), 10)
      .addHelpText('after', EXAMPLES);
    addCiOptions(command);
  },

  run(call, paths, rawOptions) {
    const options = rawOptions as unknown as TrackOptions;
    if (call.program !== undefined) {
      throw new UserError('track runs no program', { hint: 'pforge-prof bench -- program measures one' });
    }
    const outputs = ciOutputs(options, call.world);
    return guarded(call, async (progress) => {
      const state = await repositoryState(process.cwd(), options.commit);
      if (options.commit !== undefined && state === undefined) {
        throw new UserError(`there is no commit '${options.commit}' here`);
      }
      const store = await openHistory(historyPlace(options.store, state));
      try {
        const kept = paths.length > 0 ? await keep(call, paths, store, state, options, progress) : [];
        if (options.copyTo !== undefined) return await copy(call, store, options.copyTo, progress);
        const told = await tell(call, await store.read(), store.place, state, options, progress);
        const about = { suite: options.suite, commit: keptCommit(state), results: kept };
        const written = await outputs.write(historyReport(told, options.recent, about));
        if (written.length > 0) progress.say(`wrote ${written.join(', ')}`);
        return options.failOnRegression ? gate(told, options.recent, progress) : EXIT.ok;
      } finally {
        await store.close();
      }
    });
  },
};

/** `--copy-to`. */
async function copy({ world, shared }: Call, from: HistoryStore, place: string, progress: Progress): Promise<number> {
  const to = await openHistory(resolvedStore(place, resolve));
  try {
    const { copied, known } = await copyHistory(from, to);
    const already = known === 0 ? '' : `; ${known} were there`;
    progress.say(`copied ${copied} ${copied === 1 ? 'entry' : 'entries'} from ${from.place} to ${to.place}${already}`);
    if (shared.json)
      world.stdout.write(`${JSON.stringify({ version: 1, from: from.place, to: to.place, copied, known })}\n`);
    return EXIT.ok;
  } finally {
    await to.close();
  }
}

async function keep(
  { world }: Call,
  paths: readonly string[],
  store: HistoryStore,
  state: RepositoryState | undefined,
  options: TrackOptions,
  progress: Progress,
): Promise<readonly KeptResult[]> {
  const results: KeptResult[] = [];
  let hasProfile = false;
  for (const path of paths) {
    const { kept, subjects, notes } = await measurementsAt(path, world, options.inputFormat, progress);
    for (const result of kept) results.push(result);
    hasProfile ||= subjects.some(({ kind }) => kind === 'profile');
    for (const note of notes) progress.say(`note: ${note}`);
  }
  if (results.length === 0) {
    throw new UserError(`nothing to keep in ${paths.join(', ')}`, {
      hint: hasProfile
        ? "what profiles say are shares, which check holds against budgets: frame('JSON.parse').total < 20%"
        : 'no benchmark in it has a result',
    });
  }
  const attachments = await attach(options.attach ?? [], state?.folder ?? '.', world);
  await keepResults(results, store, state, { ...options, attachments }, progress);
  return results;
}

async function tell(
  { world, shared }: Call,
  { entries, broken }: ReadHistory,
  store: string,
  state: RepositoryState | undefined,
  options: TrackOptions,
  progress: Progress,
): Promise<Told> {
  for (const fault of broken) progress.say(`warning: ${fault}; left out`);
  if (entries.length === 0) {
    throw new UserError(`there is no history yet in ${store}`, {
      hint: 'keep results: pforge-prof track results.json',
    });
  }
  const least = options.least / 100;
  const { kept, leftOut, branch: beside } = onBranch(entries, options.branch);
  if (kept.length === 0) throw new UserError(`there is no history of branch '${beside}' in ${store}`);
  if (leftOut > 0)
    progress.say(
      `note: ${leftOut} of other branches than ${beside} ${plural(leftOut, 'is', 'are')} not told; --branch chooses`,
    );
  const isAsked = ({ suite, name }: { readonly suite: string; readonly name: string }): boolean =>
    options.filter?.test(suite === '' ? name : `${suite}: ${name}`) ?? true;
  const series = seriesOf(kept)
    .filter(isAsked)
    .map((one) => judged(one, { least }));
  const name = state?.branch ?? '';
  const ofBranch = name === '' || name === beside ? [] : entries.filter(({ commit }) => commit.branch === name);
  const results = branchResults(series, ofBranch, least).filter(isAsked);
  if (series.length + results.length === 0) throw new UserError(`no series matches ${options.filter?.source}`);
  const told: Told = { series, ...(results.length === 0 ? {} : { branch: { name, beside, results } }) };
  progress.end();
  const output = openOutput('-', world);
  const look = textLook(world, true);
  if (shared.json) await output.write([`${JSON.stringify({ version: 1, store, ...told }, null, 2)}\n`]);
  else if (!shared.quiet) {
    await output.write([historyText(series, look)]);
    if (told.branch !== undefined) await output.write(['\n', branchText(told.branch, look)]);
  }
  return told;
}

function gate({ series, branch }: Told, recent: number, progress: Progress): number {
  const worse =
    branch === undefined
      ? series.flatMap((one) => {
          const change = freshRegression(one, recent);
          const words = (): string => `${changeWords(change!)} since ${shortId(change!.commit)}`;
          return change === undefined ? [] : [`${seriesNames(series)(one)} regressed by ${words()}`];
        })
      : branch.results
          .filter(({ verdict }) => verdict === 'regressed')
          .map((one) => `${seriesNames(branch.results)(one)} is ${besideWords(one, branch.beside)}`);
  for (const line of worse) progress.say(line);
  return worse.length > 0 ? EXIT.gateFailed : EXIT.ok;
}
