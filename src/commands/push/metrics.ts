import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type ReadResults, readResults } from '../../bench/import/registry.ts';
import { EXIT, UserError } from '../../errors.ts';
import { historyMetrics, loadMetrics, type Metric, resultMetrics } from '../../fleet/metrics.ts';
import { pushToGateway } from '../../fleet/prometheus.ts';
import { pushToVictoriaMetrics } from '../../fleet/victoriametrics.ts';
import { openInput, readBytes } from '../../formats/input.ts';
import { openHistory, resolvedStore } from '../../history/store.ts';
import { loadReaders } from '../../load/readers/registry.ts';
import { benchMeasurements } from '../measured/bench.ts';
import { isFolder, readResultsAt } from '../measured/result-paths.ts';
import type { Push } from '../push.ts';

/** Results of benchmarks and of load, and histories, as gauges. */
export async function pushMetrics(push: Push): Promise<number> {
  const { call, inputs, options, destination, transport, progress } = push;
  const { service, host = hostname(), label = new Map<string, string>(), job, history } = options;
  const group = new Map([
    ['job', job],
    ['instance', host],
    ...(service === undefined ? [] : [['service', service] as const]),
    ...label,
  ]);
  const isGateway = destination.kind === 'prometheus';
  if (history !== undefined && isGateway) {
    throw new UserError('a Pushgateway keeps the last number and no times: a history cannot go there', {
      hint: 'victoriametrics+http://HOST takes it',
    });
  }
  const metrics: Metric[] = [];
  for (const input of inputs) metrics.push(...(await resultsOf(input, push)));
  if (history !== undefined) metrics.push(...(await historyOf(history, push)));
  if (metrics.length === 0) throw new UserError('there are no numbers to push in what was given');
  if (isGateway) await pushToGateway(metrics, group, destination, transport);
  else await pushToVictoriaMetrics(metrics, group, destination, transport);
  progress.end();
  if (!options.dryRun) progress.say(`pushed ${metrics.length} numbers to ${destination.place}`);
  if (call.shared.json) {
    call.world.stdout.write(
      `${JSON.stringify({ version: 1, to: destination.place, numbers: metrics.length }, null, 2)}\n`,
    );
  }
  return EXIT.ok;
}

/** What one input measured: a load, or benchmarks of any harness. */
async function resultsOf(input: string, { call, options, progress }: Push): Promise<Metric[]> {
  const { world } = call;
  const none = new Map<string, string>();
  const time =
    options.time ?? (input === '-' ? Date.now() : (statSync(input, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()));
  const ofBenchmarks = (results: ReadResults): Metric[] => {
    const { kept, notes } = benchMeasurements(results, undefined);
    for (const note of notes) progress.say(`note: ${note}`);
    return kept.flatMap((one) => resultMetrics(one, none, time));
  };
  if (isFolder(input)) return ofBenchmarks(await readResultsAt(input, world, options.inputFormat));
  const text = new TextDecoder().decode(await readBytes(await openInput(input, { stdin: world.stdin })));
  const name = input === '-' ? 'standard input' : input;
  const load = options.inputFormat === undefined ? loadReaders.find(({ detect }) => detect(text)) : undefined;
  return load === undefined
    ? ofBenchmarks(readResults(text, name, options.inputFormat))
    : loadMetrics(load.read(text, name), none, time);
}

async function historyOf(place: string, { progress }: Push): Promise<Metric[]> {
  const store = await openHistory(resolvedStore(place, resolve));
  try {
    const { entries, broken } = await store.read();
    for (const fault of broken) progress.say(`warning: ${fault}; left out`);
    if (entries.length === 0) throw new UserError(`there is no history in ${store.place}`);
    return historyMetrics(entries, new Map());
  } finally {
    await store.close();
  }
}
