import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll } from 'vitest';

/** A node process that runs until the test ends it, started without a word of us. */
export interface NodeTarget {
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it printed so far, on both streams. */
  printed(): string;
  /** Waits until it has printed a text. */
  prints(text: string): Promise<void>;
}

const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Allocates and computes, in functions with names that a profile must show. */
export const BUSY_SERVER = `
let kept = [];
function parseJson() { return JSON.parse('[' + '{"a":1,"b":"text"},'.repeat(200) + '1]'); }
function keepSome() { kept.push(new Array(100).fill(0)); if (kept.length > 2000) kept = []; }
function busy() { let x = 0; const end = Date.now() + 15; while (Date.now() < end) for (let i = 0; i < 1e4; i++) x += Math.sqrt(i); return x; }
setInterval(() => { for (let i = 0; i < 50; i++) { parseJson(); keepSome(); } busy(); }, 20);
console.log('ready');
`;

/** Starts `node [args] -e source` and waits for its first line. */
export async function startNode(
  source: string,
  node = process.execPath,
  args: readonly string[] = [],
): Promise<NodeTarget> {
  const child = spawn(node, [...args, '-e', source], { stdio: ['pipe', 'pipe', 'pipe'] });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const target: NodeTarget = {
    pid: child.pid!,
    child,
    printed: () => text,
    async prints(wanted) {
      while (!text.includes(wanted)) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`ended without printing ${wanted}: ${text}`);
        await new Promise((done) => setTimeout(done, 5));
      }
    },
  };
  await target.prints('ready');
  return target;
}

/** Ends a target. */
export async function endNode({ child }: NodeTarget): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
