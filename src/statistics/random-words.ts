import { SeededRandom } from './random.ts';

/**
 * Many random words at once, the same for the same seed. Two generators (xoshiro128**, as {@link SeededRandom}) take turns, so
 * that the processor computes one while it waits for the other, and their states stay in registers: four times as fast as
 * asking for one word after the other.
 */
export class RandomWords {
  private readonly state = new Int32Array(8);

  /** @param seed a whole number; its lower 32 bits count */
  constructor(seed: number) {
    const random = new SeededRandom(seed);
    for (let i = 0; i < this.state.length; i++) this.state[i] = random.uint32();
  }

  /** @param words of an even number */
  fill(words: Uint32Array): void {
    let [a, b, c, d, e, f, g, h] = this.state as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let i = 0; i < words.length; i += 2) {
      const one = Math.imul(b, 5);
      words[i] = Math.imul((one << 7) | (one >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      const other = Math.imul(f, 5);
      words[i + 1] = Math.imul((other << 7) | (other >>> 25), 9);
      const otherShifted = f << 9;
      g ^= e;
      h ^= f;
      f ^= g;
      e ^= h;
      g ^= otherShifted;
      h = (h << 11) | (h >>> 21);
    }
    this.state.set([a, b, c, d, e, f, g, h]);
  }
}

/** Room for at least so many words, which {@link RandomWords} can fill. */
export function wordsFor(count: number): Uint32Array {
  return new Uint32Array(count + (count % 2));
}
