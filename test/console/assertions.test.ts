import { expect, test } from 'vitest';
import { AssertionJudge, parseAssertion } from '../../src/console/assertions.ts';
import { loop, snapshot, task } from './snapshots.ts';

function verdicts(...texts: string[]) {
  const judge = new AssertionJudge(texts.map(parseAssertion));
  const first = snapshot({ loop: loop({ utilization: 0.9 }) });
  judge.see(first);
  judge.see(
    snapshot({
      time: first.time + 30_000,
      tasks: [
        task({ id: 'a', longestPoll: 12e6, warnings: [{ kind: 'never-resolved', text: '' }] }),
        task({ id: 'b', longestPoll: 3e6 }),
      ],
    }),
  );
  return judge.verdicts().map(({ kept }) => kept);
}

test('each is judged by the largest value of the time that was watched', () => {
  expect(verdicts('longest-poll<12ms', 'longest-poll<=12ms', 'longest-poll<0.1s')).toEqual([false, true, true]);
  expect(verdicts('utilization<80%', 'utilization<=0.9')).toEqual([false, true]);
  expect(verdicts('blocks==3', 'blocks==0', 'longest-block<131ms')).toEqual([true, false, true]);
  expect(verdicts('warnings==1', 'never-resolved==0', 'lost-waker==0')).toEqual([true, false, true]);
  expect(verdicts('delay-p99<13ms', 'delay-p99.9<50ms', 'rss<100MB', 'live-tasks<1k')).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

test('what only a longer look can tell is not kept before that, and says so', () => {
  const watched = (seconds: number, state: 'running' | 'ended' = 'running') => {
    const judge = new AssertionJudge([parseAssertion('never-resolved==0')]);
    const first = snapshot({ tasks: [] });
    judge.see(first);
    judge.see({ ...first, time: first.time + seconds * 1000, state });
    return judge.verdicts()[0]!;
  };
  expect(watched(5)).toMatchObject({ kept: false, needs: 20 });
  expect(watched(20)).not.toHaveProperty('needs');
  expect(watched(20).kept).toBe(true);
  expect(watched(5, 'ended').kept).toBe(true);
});

test('a look that is too short for any warning passes nothing', () => {
  const watched = (text: string, seconds: number) => {
    const judge = new AssertionJudge([parseAssertion(text)]);
    const first = snapshot({ blocking: [], tasks: [], warnings: [] });
    judge.see(first);
    judge.see({ ...first, time: first.time + seconds * 1000 });
    return judge.verdicts()[0]!;
  };
  expect(watched('warnings==0', 4)).toMatchObject({ value: 0, kept: false, needs: 20 });
  expect(watched('warnings==0', 19).kept).toBe(true);
  expect(watched('blocks==0', 0)).toMatchObject({ kept: false, needs: 2 });
  expect(watched('longest-block<50ms', 0)).toMatchObject({ kept: false, needs: 2 });
  expect(watched('longest-block<50ms', 2).kept).toBe(true);
  expect(watched('unhandled-rejection==0', 0)).toMatchObject({ kept: false, needs: 2 });
  // More of them would not break it
  expect(watched('warnings>=0', 0).kept).toBe(true);
  expect(watched('rss<1GB', 0).kept).toBe(true);
});

test('what the source does not tell is not kept', () => {
  const judge = new AssertionJudge([parseAssertion('delay-p99<1s')]);
  const { loop: _none, ...tokio } = snapshot();
  judge.see(tokio);
  expect(judge.verdicts()[0]).toMatchObject({ kept: false, value: undefined });
});

test('what is no assertion says what one looks like', () => {
  expect(() => parseAssertion('longest-poll')).toThrow(/no assertion/);
  expect(() => parseAssertion('speed>1')).toThrow(/unknown is speed; known are longest-poll/);
  expect(() => parseAssertion('longest-poll<10')).toThrow(/needs a unit: ns, us, µs, ms, s/);
  expect(() => parseAssertion('blocks<10ms')).toThrow(/ms is no unit of blocks/);
});
