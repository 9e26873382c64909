import { expect, test } from 'vitest';
import { turnsOfTwo } from '../../../src/bench/pairs/schedule.ts';
import { SeededRandom } from '../../../src/statistics/random.ts';

test('each of two comes first as often as the other, in an order that is drawn', () => {
  const order = turnsOfTwo(new SeededRandom(1));
  const firsts = Array.from({ length: 200 }, (_none, turn) => order(turn)[0]!);
  for (let turn = 0; turn < 200; turn += 2) expect(firsts[turn]! + firsts[turn + 1]!).toBe(1);
  const drawn = firsts.filter((_first, turn) => turn % 2 === 0);
  expect(drawn.filter((first) => first === 0).length).toBeGreaterThan(30);
  expect(drawn.filter((first) => first === 1).length).toBeGreaterThan(30);
  // Asked again, a turn is the same
  expect(order(17)).toEqual(order(17));
});
