import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { EXIT, UserError } from '../errors.ts';
import { runTool } from './run-tool.ts';

/** Tools that digest what a program writes into a named pipe. */
export interface FedPipeline {
  /**
   * Waits until all that was written is digested: to be called when the program has ended.
   * @param limitMs a process that the program left behind may hold the pipe open: after this time no more is read of it
   * @returns false where that was so
   */
  finish(limitMs: number): Promise<boolean>;
  /** Ends the tools at once. */
  kill(): void;
}

export interface PipelineOptions {
  /** Path of the named pipe; it is made. */
  readonly pipe: string;
  /** Words of the tools, each with an absolute path: the first gets what was written, each other one what the last made of it. */
  readonly tools: readonly (readonly string[])[];
  /** Where the output goes. */
  readonly output: string;
  /** Where the tools' complaints go. */
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts `cat pipe | tool | tool > output` in sessions of their own, so that a terminal's Ctrl-C reaches the program alone.
 * @throws {UserError} 125: the pipe cannot be made, or a tool not started
 */
export async function startFedPipeline(options: PipelineOptions): Promise<FedPipeline> {
  const { pipe, tools, output, log, env } = options;
  const made = await runTool('/usr/bin/mkfifo', ['-m', '600', pipe]);
  if (made.code !== 0) {
    throw new UserError(`cannot make a named pipe: ${made.stderr.trim() || 'mkfifo failed'}`, {
      exitCode: EXIT.cannotCollect,
    });
  }
  // Who opens a pipe for reading and writing waits for nobody; the tool would wait for the program
  const held = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const source = openSync(pipe, constants.O_RDONLY);
  const target = openSync(output, 'w', 0o600);
  const complaints = openSync(log, 'a', 0o600);
  // Ending whoever reads the pipe ends the input of the tools, which then write down all that they know
  const chain = [['/bin/cat'], ...tools];
  const children: ChildProcess[] = [];
  try {
    for (const [i, [file, ...args]] of chain.entries()) {
      const before = children.at(-1)?.stdout;
      const after = i === chain.length - 1 ? target : 'pipe';
      const stdio = [before ?? source, after, complaints] as const;
      children.push(spawn(file!, args, { detached: true, env, stdio: [...stdio] }));
      // The two share the pipe between them; ours is not needed
      before?.destroy();
    }
  } finally {
    for (const file of [source, target, complaints]) closeSync(file);
  }
  const ended = Promise.all(children.map(ending));
  ended.catch(() => {});
  let isHeld = true;
  const release = (): void => {
    if (isHeld) closeSync(held);
    isHeld = false;
  };
  return {
    async finish(limitMs) {
      // Now only the program's own end keeps the pipe open
      release();
      let inTime = true;
      const timer = setTimeout(() => {
        inTime = false;
        children[0]!.kill('SIGTERM');
      }, limitMs);
      try {
        await ended;
      } finally {
        clearTimeout(timer);
      }
      return inTime;
    },
    kill() {
      release();
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

function ending(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    child.once('exit', () => done());
    child.once('error', (error) =>
      fail(new UserError(`cannot start ${child.spawnfile}: ${error.message}`, { exitCode: EXIT.cannotCollect })),
    );
  });
}
