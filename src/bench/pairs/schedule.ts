import { SeededRandom } from '../../statistics/random.ts';

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

/**
 * The same for whoever has only a seed: which side is run first in each pair.
 * @param seed a whole number; the same seed gives the same order
 * @returns for a pair (from 0) its two sides in the order in which they are to be run: 0 = base, 1 = head
 */
export function schedulePairs(seed: number): (pair: number) => readonly number[] {
  return turnsOfTwo(new SeededRandom(seed));
}
