import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { EXIT, UserError } from '../errors.ts';
import { runTool } from './run-tool.ts';

/** Tools that digest what a program writes into a named pipe. */
export interface FedPipeline {
  /**
   * Waits until all that was written is digested: to be called when the program has ended.
   * @param limitMs a process that the program left behind may hold the pipe open: the tools are ended after this time
   * @returns false where they had to be ended
   */
  finish(limitMs: number): Promise<boolean>;
  /** Ends the tools at once. */
  kill(): void;
}

export interface PipelineOptions {
  /** Path of the named pipe; it is made. */
  readonly pipe: string;
  /** Absolute path of the tool that reads the pipe. */
  readonly tool: string;
  /** Words of a tool through which the output goes: a compressor. */
  readonly through: readonly string[] | undefined;
  /** Where the output goes. */
  readonly output: string;
  /** Where the tools' complaints go. */
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts `tool < pipe | through > output` in sessions of their own, so that a terminal's Ctrl-C reaches the program alone.
 * @throws {UserError} 125: the pipe cannot be made, or a tool not started
 */
export async function startFedPipeline(options: PipelineOptions): Promise<FedPipeline> {
  const { pipe, tool, through, output, log, env } = options;
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
  const children: ChildProcess[] = [];
  try {
    const last = through === undefined ? target : 'pipe';
    const first = spawn(tool, [], { detached: true, env, stdio: [source, last, complaints] });
    children.push(first);
    if (through !== undefined) {
      const [file, ...args] = through;
      children.push(spawn(file!, args, { detached: true, env, stdio: [first.stdout!, target, complaints] }));
      // The tools share the pipe between them; ours is not needed
      first.stdout!.destroy();
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
        // It writes what it has and ends; the other one follows
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
