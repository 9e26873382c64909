import { expect, test } from 'vitest';
import { TwoInTurns } from '../../../src/bench/runner/two-in-turns.ts';
import { Processors } from '../../../src/processes/processors.ts';

/** A process that measures for so many turns and then has had enough; it never ends before it is told. */
async function takes(turns: TwoInTurns, which: number, enough: number, log: string[]): Promise<void> {
  const wait = (taken: number) => turns.wait(which, { kind: 'waits', pid: process.pid, over: taken >= enough });
  for (let taken = 0; await wait(taken); taken++) {
    log.push(`${which} begins`);
    await new Promise((done) => setTimeout(done, 1));
    log.push(`${which} ends`);
  }
  log.push(`${which} is told that it is over`);
}

/** As one that may use a single processor: nothing is moved. */
class NoChoice extends Processors {
  override leastUsed(): undefined {
    return undefined;
  }
}

test('one at a time, in the order of each round, until both have had enough', async () => {
  const turns = new TwoInTurns((round) => (round % 2 === 0 ? [0, 1] : [1, 0]));
  const log: string[] = [];
  await Promise.all([takes(turns, 0, 2, log), takes(turns, 1, 3, log), turns.run(new NoChoice(), 0)]);
  const order = [0, 1, 1, 0, 0, 1].flatMap((which) => [`${which} begins`, `${which} ends`]);
  expect(log).toEqual([...order, '0 is told that it is over', '1 is told that it is over']);
});

test('when one has ended the other one has no more turns', async () => {
  const turns = new TwoInTurns(() => [0, 1]);
  const log: string[] = [];
  const dies = async (): Promise<void> => {
    await turns.wait(1, { kind: 'waits', pid: process.pid, over: false });
    turns.leave(1);
  };
  await Promise.all([takes(turns, 0, 100, log), dies(), turns.run(new NoChoice(), 0)]);
  expect(log).toEqual(['0 begins', '0 ends', '0 is told that it is over']);
  const never = new TwoInTurns(() => [0, 1]);
  never.leave(0);
  await Promise.all([takes(never, 1, 1, log), never.run(new NoChoice(), 0)]);
  expect(log.at(-1)).toBe('1 is told that it is over');
});
