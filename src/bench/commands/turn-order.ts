import type { SeededRandom } from '../../statistics/random.ts';

/**
 * The order of commands within each turn: drawn anew for every second turn and turned round for the next one (ABBA for
 * two), so that whoever comes later finds warm caches and a busy machine as often as the others.
 * @param count of commands
 */
export function turnOrder(random: SeededRandom, count: number): (turn: number) => readonly number[] {
  const drawn: number[][] = [];
  return (turn) => {
    const pair = Math.floor(turn / 2);
    while (drawn.length <= pair) drawn.push(shuffled(random, count));
    const order = drawn[pair]!;
    return turn % 2 === 0 ? order : [...order].reverse();
  };
}

/** Fisher and Yates's shuffle. */
function shuffled(random: SeededRandom, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
