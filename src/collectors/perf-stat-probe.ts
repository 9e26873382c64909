import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool } from '../processes/executables.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { runTool } from '../processes/run-tool.ts';
import { explainPerf, PerfUnavailable, perfMissing } from './perf-errors.ts';
import { CSV_SEPARATOR } from './perf-stat-process.ts';

/**
 * Asks which of these events can be counted here, by counting them for a moment: only the kernel knows.
 * @returns the answer for each event, by the name that perf prints
 * @throws {PerfUnavailable} perf refuses: one is not known to it, or it may not count at all
 */
export async function probeEvents(events: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
  const path = findTool('perf');
  if (path === undefined) throw new PerfUnavailable('it is not installed', perfMissing().remedy, 'count');
  const folder = await makePrivateDir();
  try {
    const file = join(folder, 'probe');
    const words = ['stat', '-x', CSV_SEPARATOR, '-o', file, '-e', events.join(','), '--'];
    const { code, stderr } = await runTool(path, [...words, findTool('true') ?? process.execPath, '--version']);
    if (code !== 0) throw explainPerf(stderr, 'count');
    const found = new Map<string, boolean>();
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const [value, , event] = line.split(CSV_SEPARATOR);
      if (event) found.set(event, !/^<not supported>/.test(value!));
    }
    return found;
  } finally {
    await removePrivateDir(folder);
  }
}

/** The same for events of which perf may not know some: those are left out of the answer. */
export async function probeKnown(events: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
  try {
    return await probeEvents(events);
  } catch (error) {
    if (!(error instanceof PerfUnavailable) || events.length === 1) throw error;
    const found = new Map<string, boolean>();
    let refused: unknown;
    for (const event of events) {
      try {
        for (const [name, works] of await probeEvents([event])) found.set(name, works);
      } catch (one) {
        refused = one;
      }
    }
    if (found.size === 0) throw refused;
    return found;
  }
}
