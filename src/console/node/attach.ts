import { attachInspector } from '../../inspector/attach.ts';
import { inspectNodeProcess } from '../../inspector/node-process.ts';
import { evaluate, stillOpen } from '../../inspector/session.ts';
import { followWorkers, type WorkerTarget } from '../../inspector/workers.ts';
import { attachExpression } from '../../preload/console/late-threads.ts';
import { isAlive } from '../../processes/proc.ts';
import type { ConsoleSource } from '../source.ts';
import { openAgentLine } from './agent-line.ts';
import { NodeSource } from './node-source.ts';
import { agentScript, agentSettings, type WatchOptions } from './settings.ts';

/** How long the agent's thread may take to call. */
const CALL_MS = 10_000;
const POLL_MS = 200;

/**
 * Puts the agent into a running node process, by its inspector, which is closed again at once. `close` takes the agent out.
 * @throws {UserError} as {@link attachInspector}; 125: the agent cannot be started there
 */
export async function attachConsole(pid: number, options: WatchOptions = {}): Promise<ConsoleSource> {
  // Before anything is made for it
  inspectNodeProcess(pid);
  const line = await openAgentLine(pid);
  try {
    const settings = agentSettings(line.path, options);
    const session = await attachInspector(pid);
    const notes: string[] = [];
    try {
      const expression = attachExpression(agentScript('console'), settings);
      await evaluate(session, expression);
      const workers: WorkerTarget[] = [];
      await followWorkers(session, (worker) => workers.push(worker));
      for (const worker of workers) {
        if (worker.name === 'pforge-prof console') continue;
        await evaluate(worker, expression).catch((error: Error) => {
          notes.push(`worker thread ${worker.threadId} is not watched: ${error.message}`);
        });
      }
      await line.connected(CALL_MS);
    } finally {
      if (!(await session.close())) notes.push(stillOpen(session));
    }
    return new NodeSource(line, { pid, exited: goneOf(pid, line.ended), end: async () => {}, notes });
  } catch (error) {
    await line.close();
    throw error;
  }
}

/** Of a process that is not our child nobody tells how it ended; its agent does where it ends by itself. */
async function goneOf(pid: number, hungUp: Promise<void>): Promise<{ text: string }> {
  await hungUp;
  for (let tries = 0; isAlive(pid) && tries < 10; tries++) await new Promise((done) => setTimeout(done, POLL_MS));
  return isAlive(pid) ? await new Promise(() => {}) : { text: `process ${pid} was killed` };
}
