import { relative, resolve } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import type { CheckReport, CheckRow, SourcePlace } from '../history/check-report.ts';
import type { KeptResult } from '../history/entry.ts';
import { judgeBudget } from '../history/judge-budget.ts';
import type { Measurements, Subject } from '../history/measurements.ts';
import { onBranch } from '../history/series.ts';
import { openHistory } from '../history/store.ts';
import { repositoryState } from '../processes/repository.ts';
import { rowSentence, stateOf } from '../render/ci/row-words.ts';
import type { Progress } from '../terminal/progress.ts';
import { alertRows } from './check/alerts.ts';
import { ciOutputs } from './check/ci-outputs.ts';
import { type PlacedBudget, readCheckConfig } from './check/config.ts';
import { CHECK_EXAMPLES, type CheckOptions, configureCheck, flagBudgets } from './check/options.ts';
import { pastOf } from './check/past.ts';
import { measuredProgram } from './check/program.ts';
import { openShown } from './check/shown.ts';
import type { Call, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { fileSubjects } from './measured/files.ts';
import { measurementsAt } from './measured/results.ts';
import { historyPlace, keptCommit } from './track/keep-results.ts';
import { machineName } from './track/machine-name.ts';

/** Budgets: what must not be slower, larger or more; exit code 1 when something is. */
export const check: Command = {
  configure(command) {
    configureCheck(command).addHelpText('after', CHECK_EXAMPLES);
  },

  async run(call, paths, rawOptions) {
    const options = rawOptions as unknown as CheckOptions;
    const cwd = process.cwd();
    const state = await repositoryState(cwd, options.commit);
    if (options.commit !== undefined && state === undefined) {
      throw new UserError(`there is no commit '${options.commit}' here`);
    }
    const config = await readCheckConfig(options.config, cwd, state?.folder ?? cwd);
    const budgets = [...(config?.budgets ?? []), ...flagBudgets(options)];
    if (budgets.length === 0 && options.alertThreshold === undefined && !wantsResults(options)) {
      throw new UserError('there are no budgets', {
        hint: "give --budget 'bench.*.median < +5% of baseline', --alert-threshold 110%, or write pforge-prof.config.json",
      });
    }
    const asked = paths.length > 0 || call.program !== undefined ? paths : (config?.results ?? []);
    const folder = config?.folder ?? cwd;
    const shown = openShown(options, call);
    const outputs = ciOutputs(options, call.world);
    const program = await programMeasurements(call, budgets, options);
    return guarded(call, async (progress) => {
      const files = fileSubjects(
        budgets.map(({ budget }) => budget),
        folder,
      );
      const all = await allMeasurements(call, asked, options.inputFormat, progress);
      const measured = joined([...all, ...program, { subjects: files, kept: [], notes: [] }]);
      if (measured.subjects.length === 0) {
        throw new UserError('nothing to check', {
          hint: 'give results: pforge-prof check bench.json, or -- program to measure one',
        });
      }
      const baselines = options.baseline ?? config?.baseline ?? [];
      const baseline = joined(await allMeasurements(call, baselines, undefined, progress));
      const store = await openHistory(historyPlace(options.store, state));
      const { entries, broken } = await store.read().finally(() => store.close());
      for (const fault of broken) progress.say(`warning: ${fault}; left out`);
      const commit = keptCommit(state);
      const { kept: ofBranch } = onBranch(entries, options.branch);
      const { suite, machine = machineName() } = options;
      const past = pastOf({
        baseline:
          baselines.length === 0
            ? undefined
            : { names: baselines.map((one) => relative(cwd, one) || one).join(', '), subjects: baseline.subjects },
        entries: ofBranch,
        commit,
        suite,
        machine,
      });
      const rows = budgets.flatMap((one) => rowsOf(one, measured.subjects, past, state?.folder ?? cwd));
      const alerts = alertRows(measured.kept, options, past.levels, commit, machine);
      const report: CheckReport = {
        title: 'pforge-prof check',
        suite,
        commit,
        rows: [...rows, ...alerts.rows],
        results: measured.kept,
        notes: [...measured.notes, ...alerts.notes],
      };
      progress.end();
      await shown(report);
      const written = await outputs.write(report);
      for (const note of new Set(report.notes)) progress.say(`note: ${note}`);
      if (written.length > 0) progress.say(`wrote ${written.join(', ')}`);
      return verdictOf(report, options, progress);
    });
  },
};

/** Whether the results themselves are wanted, in the format of another tool: then nothing need be judged. */
function wantsResults({ format, bmf, gitlab, dataJs }: CheckOptions): boolean {
  return format?.startsWith('custom') === true || [bmf, gitlab, dataJs].some((file) => file !== undefined);
}

async function programMeasurements(
  call: Call,
  budgets: readonly PlacedBudget[],
  options: CheckOptions,
): Promise<Measurements[]> {
  if (call.program === undefined) return [];
  const times = await measuredProgram(call, options, 'auto');
  // What is slow to count is counted where somebody asks for it
  const isCounted = budgets.some(({ budget }) => budget.subject === 'run' && budget.stat === 'instructions');
  return isCounted ? [times, await measuredProgram(call, {}, 'instructions')] : [times];
}

async function allMeasurements(
  { world }: Call,
  paths: readonly string[],
  inputFormat: string | undefined,
  progress: Progress,
): Promise<Measurements[]> {
  const all: Measurements[] = [];
  for (const path of paths) all.push(await measurementsAt(path, world, inputFormat, progress));
  return all;
}

function joined(parts: readonly Measurements[]): Measurements {
  return {
    subjects: parts.flatMap(({ subjects }) => subjects),
    kept: parts.flatMap(({ kept }): readonly KeptResult[] => kept),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

function rowsOf(
  { budget, place, isWarning, isOptional }: PlacedBudget,
  subjects: readonly Subject[],
  past: Parameters<typeof judgeBudget>[2],
  top: string,
): CheckRow[] {
  return judgeBudget(budget, subjects, past).map(({ place: own, ...row }) => {
    const at = own === undefined ? place : fromTop(own, top);
    const isAbsent = isOptional && row.value === undefined;
    return {
      ...row,
      ...(isAbsent ? { verdict: 'pass' as const } : {}),
      ...(isWarning ? { isWarning } : {}),
      ...(at === undefined ? {} : { place: at }),
    };
  });
}

/** Results name files as they were seen from here, annotations from the top folder of the repository. */
function fromTop(place: SourcePlace, top: string): SourcePlace {
  const file = relative(top, resolve(place.file));
  return file.startsWith('..') ? place : { ...place, file };
}

function verdictOf({ rows }: CheckReport, { strict }: CheckOptions, progress: Progress): number {
  const failed = rows.filter((row) => stateOf(row) === 'failed');
  const unclear = rows.filter((row) => stateOf(row) === 'inconclusive');
  for (const row of rows.filter((one) => stateOf(one) === 'warning')) {
    progress.say(`warning: ${rowSentence(row)}`);
  }
  if (unclear.length > 0) {
    const which = unclear.length === 1 ? rowSentence(unclear[0]!) : `${unclear.length} budgets`;
    progress.say(`warning: ${which}: this cannot be told${strict ? '' : '; --strict lets that fail'}`);
  }
  return failed.length > 0 || (strict && unclear.length > 0) ? EXIT.gateFailed : EXIT.ok;
}
