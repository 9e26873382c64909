import type { SeededRandom } from '../../statistics/random.ts';

/**
 * The order of two programs that are run in turns, drawn anew for every second turn and turned round for the next (ABBA
 * or BAAB): whoever comes second in a turn may find warm caches and a busy processor, and each does as often as the other.
 */
export function turnsOfTwo(random: SeededRandom): (turn: number) => readonly number[] {
  const firsts: number[] = [];
  return (turn) => {
    const pair = Math.floor(turn / 2);
    while (firsts.length <= pair) firsts.push(random.below(2));
    const first = turn % 2 === 0 ? firsts[pair]! : 1 - firsts[pair]!;
    return [first, 1 - first];
  };
}
