import childProcess from 'node:child_process';
import { createRequire } from 'node:module';

/** What `collectors/zero-x.ts` asks of this program, as JSON in its one argument. */
interface Settings {
  /** Folder of the person's own 0x. */
  readonly zeroX: string;
  /** As 0x has them. */
  readonly options: object;
}

// 0x tells nobody how the program ended, and then spends seconds on a picture. So the first program that it starts is
// watched: when that has ended, and all that it printed is passed on, this ends as it did; the logs are on the disk.
const { spawn } = childProcess;
let watched = false;
childProcess.spawn = ((...args: Parameters<typeof spawn>) => {
  const child = spawn(...args);
  if (!watched) child.once('close', (code, signal) => process.stdout.write('', () => end(code, signal)));
  watched = true;
  return child;
}) as typeof spawn;

function end(code: number | null, signal: NodeJS.Signals | null): void {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

const { zeroX, options }: Settings = JSON.parse(process.argv[2]!);
const record: (options: object) => Promise<unknown> = createRequire(__filename)(zeroX);
record(options).catch((error: Error) => {
  process.stderr.write(`0x: ${error.message}\n`);
  process.exit(1);
});
