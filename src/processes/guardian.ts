import { type ChildProcess, spawn } from 'node:child_process';
import { childrenOf } from './inside.ts';
import { readProcess } from './proc.ts';

/**
 * Keeps the newest list of process ids that it reads. When its input ends, that is when we are gone, however that was, it
 * asks them to end and then ends them; an empty list is our goodbye.
 */
const SCRIPT = `trap '' HUP INT TERM QUIT
last=
while read -r line; do last=$line; done
[ -z "$last" ] && exit 0
kill -TERM $last
sleep 1
kill -KILL $last`;

/**
 * A small process beside us that ends what a program has started when we die without a word (SIGKILL): the kernel's death
 * signal reaches our own children, but not theirs.
 */
export class Guardian {
  private readonly child: ChildProcess;
  private told = '';

  constructor() {
    this.child = spawn('/bin/sh', ['-c', SCRIPT], {
      // In a session of its own: what the terminal sends to our group is not for it
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...process.env, PATH: '/usr/bin:/bin' },
    });
    // Without it all else works
    this.child.on('error', () => {});
    this.child.stdin?.on('error', () => {});
    this.child.unref();
  }

  /** Says what is to end with us: the program `pid`, and all of our process group that it has started. */
  watch(pid: number): void {
    const group = readProcess(process.pid)?.group;
    const members = [pid];
    for (let i = 0; i < members.length; i++) {
      for (const child of childrenOf(members[i]!) ?? []) if (readProcess(child)?.group === group) members.push(child);
    }
    const list = members.join(' ');
    if (list !== this.told) this.child.stdin?.write(`${list}\n`);
    this.told = list;
  }

  /** All is well: nothing is to end. */
  dismiss(): void {
    this.child.stdin?.end('\n');
  }
}
