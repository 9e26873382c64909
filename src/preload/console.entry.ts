/**
 * The agent of `console`: loaded by `--require` in NODE_OPTIONS before the first line of a program, in its main thread and its
 * worker threads, or evaluated in a running process through its inspector. The program must not notice.
 */
import { basename } from 'node:path';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import { isWatched, startAgent } from './console/agent.ts';
import { type AgentSettings, CONSOLE_THREAD_KEY, CONSOLE_VARIABLE } from './console/messages.ts';
import { removeOption } from './node-options.ts';

/** Programs that only start the one that is meant. */
const LAUNCHERS = /^(?:npm|npx|pnpm|pnpx|yarn|corepack|yarnpkg)(?:-cli)?(?:\.[cm]?js)?$/;

/**
 * Begins in a thread that runs already. One that starts while the process is attached to is come to by two ways, by the console and by
 * the agent of the main thread: the later one finds that it is watched.
 */
export function attach(settings: AgentSettings): void {
  if (!isWatched(settings)) startAgent(settings);
}

try {
  const given = isMainThread ? process.env[CONSOLE_VARIABLE] : getEnvironmentData(CONSOLE_THREAD_KEY);
  if (typeof given === 'string') start(JSON.parse(given) as AgentSettings, given);
} catch {
  // A program runs as well without; the console says that it has seen nothing
}
delete require.cache[__filename];

function start(settings: AgentSettings, json: string): void {
  if (isMainThread) {
    if (LAUNCHERS.test(basename(process.argv[1] ?? ''))) return;
    hideEnvironment(settings);
    setEnvironmentData(CONSOLE_THREAD_KEY, json);
  }
  startAgent(settings);
}

/** The environment as it would be without us; what the program starts is not watched. */
function hideEnvironment({ nodeOption = '' }: AgentSettings): void {
  delete process.env[CONSOLE_VARIABLE];
  const nodeOptions = removeOption(process.env.NODE_OPTIONS, nodeOption);
  if (nodeOptions === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = nodeOptions;
}
