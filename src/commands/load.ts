import { EXIT, UserError } from '../errors.ts';
import { k6Script } from '../load/export-k6.ts';
import { type LoadPlan, type LoadTarget, parseTarget, targetUrl } from '../load/plan.ts';
import { judge } from '../load/thresholds.ts';
import { type Output, openOutput } from '../output.ts';
import { loadJsonText } from '../render/load/load-json.ts';
import type { LoadReport } from '../render/load/load-report.ts';
import { type Progress, startProgress } from '../terminal/progress.ts';
import type { Call, Command } from './command.ts';
import { checkHeeded, configureLoad, LOAD_FORMATS, type LoadCommandOptions } from './load/command-options.ts';
import { loadProgram, loadRunning } from './load/measure.ts';
import { planOf } from './load/options.ts';
import { diffLoads, savedLoad } from './load/saved.ts';
import { notesOn, verdictCode } from './load/verdict.ts';
import { drawLoad, isDrawable } from './load/views.ts';
import { formatOfName } from './options/result-format.ts';
import { keepIfAsked } from './track/option.ts';
import { wrote } from './wrote.ts';

/** HTTP load with latencies that can be believed. */
export const load: Command = {
  configure: configureLoad,

  async run(call, inputs, rawOptions) {
    const options = rawOptions as unknown as LoadCommandOptions;
    const { world, shared, program } = call;
    if (program?.length === 0) throw new UserError('no program follows --', { hint: 'load /path -- node server.js' });
    const [text, ...more] = inputs;
    checkHeeded(options, text === 'diff' || text === 'import' ? text : 'url', program);
    if (text === 'diff') return diffLoads(call, more, options);
    if (text === 'import') return importLoad(call, more, options);
    if (text === undefined) {
      throw new UserError('nothing to load', { hint: 'give a URL: pforge-prof load http://127.0.0.1:8080/' });
    }
    if (more.length > 0) throw new UserError(`one target at a time, not also ${more.join(' ')}`);
    const target = parseTarget(text, program !== undefined);
    const plan = await planOf(options);
    if (options.export !== undefined) return exportPlan(call, target, plan, options);
    const { output, format } = sinkOf(call, options);
    const progress = startProgress(world, shared.quiet);
    try {
      const measured =
        program === undefined
          ? { ...(await loadRunning(target, plan, options.engine, progress)), exitCode: EXIT.ok, server: undefined }
          : await loadProgram(program, target, plan, options, progress);
      progress.end();
      const { result, server } = measured;
      const verdicts = (options.assert ?? []).map((threshold) => judge(result, threshold));
      const notes = [...measured.notes, ...notesOn(result)];
      const report: LoadReport = { result, server, verdicts, notes };
      await write(call, report, format, output, options, progress);
      await keepIfAsked(options, () => loadJsonText(report), progress);
      for (const note of notes) progress.say(`note: ${note}`);
      if (measured.exitCode !== EXIT.ok) return measured.exitCode;
      return verdictCode(report, progress);
    } finally {
      progress.end();
    }
  },
};

function sinkOf({ world, shared }: Call, { output, format }: LoadCommandOptions): { output: Output; format: string } {
  const chosen = format ?? formatOfName(output, LOAD_FORMATS) ?? (shared.json ? 'json' : 'text');
  return { output: openOutput(output ?? '-', world), format: chosen };
}

/** What another tool, or an earlier call, has measured. */
async function importLoad(call: Call, inputs: readonly string[], options: LoadCommandOptions): Promise<number> {
  const [path, ...more] = inputs;
  if (path === undefined || more.length > 0) {
    throw new UserError('load import reads one file', { hint: 'pforge-prof load import wrk.txt; - is standard input' });
  }
  const { output, format } = sinkOf(call, options);
  const progress = startProgress(call.world, call.shared.quiet);
  const result = await savedLoad(path, call);
  const verdicts = (options.assert ?? []).map((threshold) => judge(result, threshold));
  const report: LoadReport = { result, verdicts, notes: result.notes };
  await write(call, report, format, output, options, progress);
  await keepIfAsked(options, () => loadJsonText(report), progress);
  for (const note of result.notes) progress.say(`note: ${note}`);
  return verdictCode(report, progress);
}

/** The plan for a tool that runs distributed. */
async function exportPlan(
  { world }: Call,
  target: LoadTarget,
  plan: Omit<LoadPlan, 'url'>,
  { output, assert }: LoadCommandOptions,
): Promise<number> {
  // No program is started that could choose it, so it is in the URL
  const script = k6Script({ ...plan, url: targetUrl(target, target.port!) }, assert ?? []);
  await openOutput(output ?? '-', world).write([script]);
  return EXIT.ok;
}

async function write(
  { shared, world }: Call,
  report: LoadReport,
  format: string,
  output: Output,
  { latency }: LoadCommandOptions,
  progress: Progress,
): Promise<void> {
  if (isDrawable(format, report)) {
    const size = await output.write(drawLoad(format, report, latency === true));
    if (output.isStdout) return;
    progress.say(wrote(output, size));
  } else {
    progress.say(`nothing was answered: there is nothing to draw, ${output.name} is not written`);
    if (output.isStdout) return;
  }
  // The file has the picture, the person the figures
  const own = shared.json ? 'json' : 'text';
  if (!shared.quiet || shared.json) await openOutput('-', world).write(drawLoad(own, report, latency === true));
}
