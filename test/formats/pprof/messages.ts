import fc from 'fast-check';
import { block, number, packed, single, text } from './encode.ts';

const WORDS = ['', 'n', 'count', 'main', 'mai', 'main.run', 'main.run()', '/a.go', '/a', 'x.js', 'tid', '/bin/app'];
const LONG = Array.from({ length: 20 }, (_, i) => `github.com/acme/server/internal/pkg${i >> 2}.serve${i % 7}`);
export const TEXTS = [...WORDS, ...LONG];
const NAMES = [0, 1, 3, 4, 5, 6, ...LONG.map((_, i) => WORDS.length + i)];
const FILES = [0, 7, 8, 9];
/** What stands before functions, locations and samples. */
export const HEAD = [...block(1, [...number(1, 1), ...number(2, 2)]), ...TEXTS.flatMap((word) => text(6, word))];

/** Numbers that only the seed decides about. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

export interface Size {
  readonly seed: number;
  readonly samples: number;
  readonly functions: number;
  readonly depth: number;
  /** Callers that all samples share. */
  readonly prefix: number;
  /** Callees that a function has. */
  readonly spread: number;
}

/** A file as encoders write it. */
export function messages({ seed, samples, functions, depth, prefix, spread }: Size): number[] {
  const random = randomNumbers(seed);
  const pick = (list: readonly number[]) => list[random(list.length)]!;
  const out = [...HEAD, ...block(3, [...number(1, 1), ...number(5, 11)]), ...block(3, number(1, 2))];
  for (let id = 1; id <= functions; id++) {
    const name = [...number(2, pick(NAMES)), ...number(3, pick(NAMES)), ...number(4, pick(FILES))];
    out.push(...block(5, [...number(1, id), ...name, ...number(5, random(4))]));
  }
  const line = () => {
    const place = [...number(2, random(4)), ...(random(3) === 0 ? number(3, random(3)) : [])];
    return block(4, [...number(1, random(functions + 1)), ...place]);
  };
  const locations = functions * 2;
  for (let id = 1; id <= locations; id++) {
    const lines = random(9) === 0 ? [0, 1, 2].slice(random(4)) : [0];
    const where = [...number(2, random(3)), ...number(3, random(2) === 0 ? id * 77 : 2 ** 45 + id)];
    out.push(...block(4, [...number(1, id), ...where, ...lines.flatMap(line)]));
  }
  for (let i = 0; i < samples; i++) {
    const path = Array.from({ length: prefix }, (_, level) => (level % locations) + 1);
    for (let level = random(depth + 1), at = 0; level > 0; level--) {
      at = (at * 31 + random(spread) * 7 + level) % locations;
      path.push(at + 1);
    }
    path.reverse();
    const half = path.length >> 1;
    const list = [
      packed(1, path),
      single(1, path),
      [...packed(1, path.slice(0, half)), ...packed(1, path.slice(half))],
      [...single(1, path.slice(0, half)), ...packed(1, path.slice(half))],
    ][random(8) < 5 ? 0 : random(4)]!;
    const value = random(50) === 0 ? 2 ** 53 + 4 : random(1000);
    const values = random(2) === 0 ? packed(2, [value]) : single(2, [value]);
    const label = random(6) === 0 ? block(3, [...number(1, random(2) === 0 ? 10 : 5), ...number(3, random(4))]) : [];
    out.push(...block(2, random(9) === 0 ? [...values, ...list, ...label] : [...label, ...list, ...values]));
  }
  return out;
}

export const size: fc.Arbitrary<Size> = fc.record({
  seed: fc.integer(),
  samples: fc.oneof(fc.nat(40), fc.nat(1500)),
  functions: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 300 })),
  depth: fc.oneof(fc.nat(4), fc.nat(40)),
  prefix: fc.constantFrom(0, 1, 30, 70),
  spread: fc.integer({ min: 1, max: 9 }),
});
