import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { supervise } from '../../src/processes/supervise.ts';
import { startTarget } from '../../src/processes/target.ts';

const say = (): void => {};
const sleeper = (): ReturnType<typeof startTarget> =>
  startTarget([process.execPath, '-e', 'setInterval(() => {}, 1000)'], { env: process.env, stopped: false });

test('a program is ended when the work that it is there for is over', async () => {
  const target = await sleeper();
  let seen = 0;
  const run = await supervise(target, {
    say,
    attend: async (pid) => {
      seen = pid;
      await new Promise((done) => setTimeout(done, 200));
    },
  });
  expect(seen).toBe(target.pid);
  expect(run).toMatchObject({ stopped: true, exit: { signal: 'SIGTERM' } });
});

test('work that fails ends the program too, and what it threw is thrown', async () => {
  const target = await sleeper();
  const attend = async (): Promise<void> => {
    throw new UserError('no good');
  };
  await expect(supervise(target, { say, attend })).rejects.toThrow('no good');
  expect(target.running).toBe(false);
});

test('work is told when the program ends by itself, and may still finish', async () => {
  const target = await startTarget(['sleep', '0.2'], { env: process.env, stopped: false });
  let finished = false;
  const run = await supervise(target, {
    say,
    attend: async (_pid, signal) => {
      await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
      finished = true;
    },
  });
  expect(run).toMatchObject({ stopped: false, exit: { code: 0 } });
  expect(finished).toBe(true);
});
