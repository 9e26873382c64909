import { EXIT, UserError } from '../../errors.ts';
import { CONSOLE_VARIABLE } from '../../preload/console/messages.ts';
import { appendOption, requireOption } from '../../preload/node-options.ts';
import { sendSignal } from '../../processes/proc.ts';
import { killTree } from '../../processes/supervise.ts';
import { exitCodeOf, startTarget, type Target } from '../../processes/target.ts';
import type { ConsoleSource } from '../source.ts';
import { openAgentLine } from './agent-line.ts';
import { NodeSource } from './node-source.ts';
import { agentScript, agentSettings, type WatchOptions } from './settings.ts';

export interface StartOptions extends WatchOptions {
  /** Program and arguments. */
  readonly program: readonly string[];
  /** Takes what the program prints, so that it does not destroy a screen; default: it goes to our own standard streams. */
  readonly output?: (bytes: Buffer) => void;
  /** Where its standard input comes from; default: nowhere, as ours is for keys. */
  readonly input?: 'ignore' | 'inherit';
}

/** How long node may take to begin. */
const BEGIN_MS = 20_000;
/** And how long a call that it made before it ended may take to reach us. */
const LAST_CALL_MS = 300;
/** How long a program may take to end when it is asked to. */
const END_MS = 5_000;

/**
 * Starts a program with the agent in it: the first node process that it is or starts is watched, npm and the like left out.
 * `close` ends the program.
 * @throws {UserError} 126/127: it cannot be started; 125: it is no node program, or ended before it began
 */
export async function startConsole(options: StartOptions): Promise<ConsoleSource> {
  const { program, output, input = 'ignore' } = options;
  const line = await openAgentLine();
  let target: Target;
  try {
    const preload = agentScript('console');
    const nodeOption = requireOption(preload);
    const settings = { ...agentSettings(line.path, options), nodeOption };
    const env = {
      ...process.env,
      NODE_OPTIONS: appendOption(process.env.NODE_OPTIONS, nodeOption),
      [CONSOLE_VARIABLE]: JSON.stringify(settings),
    };
    const printed = output === undefined ? 'inherit' : 'pipe';
    target = await startTarget(program, {
      env,
      stopped: false,
      streams: [input, printed, printed],
      ...(output === undefined ? {} : { output }),
    });
  } catch (error) {
    await line.close();
    throw error;
  }
  const source = new NodeSource(line, {
    pid: target.pid,
    exited: target.exited.then((exit) => ({
      text:
        exit.signal === undefined
          ? `process ${target.pid} has ended with exit code ${exit.code ?? 0}`
          : `process ${target.pid} was killed by ${exit.signal}`,
      exitCode: exitCodeOf(exit),
    })),
    end: () => endProgram(target),
  });
  const exited = target.exited.then(
    (exit) => exitCodeOf(exit),
    () => undefined,
  );
  try {
    const ended = exited.then((code) => new Promise<typeof code>((done) => setTimeout(done, LAST_CALL_MS, code)));
    const early = await Promise.race([line.connected(BEGIN_MS).then(() => 'connected' as const), ended]);
    if (early === 'connected') return source;
    throw new UserError(`${program[0]} ended (exit code ${early ?? '?'}) before it could be watched`, {
      hint: 'console watches node programs that run for a while',
      exitCode: EXIT.cannotCollect,
    });
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function endProgram(target: Target): Promise<void> {
  if (!target.running) return;
  const exited = target.exited.then(
    () => true,
    () => true,
  );
  sendSignal(target.pid, 'SIGTERM');
  sendSignal(target.pid, 'SIGCONT');
  const late = new Promise<false>((done) => setTimeout(done, END_MS, false).unref());
  if (!(await Promise.race([exited, late]))) killTree(target.pid);
  await exited;
}
