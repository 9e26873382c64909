import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allowedProcessors, keepThreadOn, Processors } from '../../src/processes/processors.ts';

test('the processors that we may use are as many as the kernel lets us', () => {
  const cpus = allowedProcessors();
  expect(cpus).toHaveLength(Number(execFileSync('nproc', { encoding: 'utf8' })));
  expect(cpus).toEqual([...new Set(cpus)].sort((a, b) => a - b));
});

test('the least used one is one of those; there is no choice of one', () => {
  const chosen = new Processors().leastUsed(0.99);
  expect(allowedProcessors().length > 1 ? allowedProcessors() : [undefined]).toContain(chosen);
});

test('the first thread of a process is kept on one processor, those of V8 are not; a process that is gone is none', async () => {
  const [cpu] = allowedProcessors();
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
  try {
    await once(child.stdout, 'data');
    expect(await keepThreadOn(cpu!, child.pid!)).toBe(true);
    const allowed = (thread: string): string =>
      /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync(`/proc/${child.pid}/task/${thread}/status`, 'utf8'))![1]!;
    expect(allowed(String(child.pid))).toBe(String(cpu));
    const others = readdirSync(`/proc/${child.pid}/task`).filter((thread) => thread !== String(child.pid));
    expect(others.length).toBeGreaterThan(0);
    const ours = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]!;
    expect(new Set(others.map(allowed))).toEqual(new Set([ours]));
  } finally {
    child.kill('SIGKILL');
  }
  expect(await keepThreadOn(cpu!, 2 ** 22 + 1)).toBe(false);
});
