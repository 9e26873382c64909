/** Three numbers in [0, 1) that decide where in its range a colour lies. */
export type Draw = readonly [number, number, number];

/** How a colour is drawn from a name. Pure, but for {@link drawAtRandom}, which remembers. */
export type DrawOf = (name: string) => Draw;

const TWO_24 = 0x1000000;
const TWO_48 = 2 ** 48;

/**
 * What flamegraph.pl does by default since 2023: perl's `srand` with the sum of the name's code points, then one `rand`
 * for all three. perl's generator is drand48: X = X * 0x5DEECE66D + 0xB mod 2^48, begun at (seed << 16) + 0x330E.
 */
export const drawByName: DrawOf = (name) => {
  let sum = 0;
  for (const character of name) sum = (sum + character.codePointAt(0)!) >>> 0;
  // The product has 83 bits: multiplied in halves of 24
  const high = sum >>> 8;
  const low = (sum & 0xff) * 0x10000 + 0x330e;
  const carried = low * 0xece66d + 0xb;
  const upper = (high * 0xece66d + low * 0x5de + Math.floor(carried / TWO_24)) % TWO_24;
  const v = (upper * TWO_24 + (carried % TWO_24)) / TWO_48;
  return [v, v, v];
};

/** `--hash` of flamegraph.pl and inferno: like names get like colours, the first three characters weigh. */
export const drawByHash: DrawOf = (name) => {
  const characters = [...name];
  const backwards = weighted(characters.toReversed());
  return [weighted(characters), backwards, backwards];
};

function weighted(characters: readonly string[]): number {
  // A module in front, `genunix`kmem_free`, is left out, whatever the first character
  const tick = characters.indexOf('`', 1);
  let vector = 0;
  let weight = 1;
  let max = 1;
  for (let at = tick + 1, mod = 10; at < characters.length && mod <= 12; at++, mod++) {
    vector += ((characters[at]!.codePointAt(0)! % mod) / (mod - 1)) * weight;
    max += weight;
    weight *= 0.7;
  }
  return 1 - vector / max;
}

const FNV_PRIME = 0x100000001b3n;
const MASK_64 = 0xffffffffffffffffn;

/** `--deterministic` of inferno: FNV-1a with 64 bits over UTF-8, multiplied once more for each further number; as 32-bit floats. */
export const drawByFnv: DrawOf = (name) => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(name)) hash = ((hash ^ BigInt(byte)) * FNV_PRIME) & MASK_64;
  const next = (): number => {
    const value = Math.fround(Number(hash) / 2 ** 64);
    hash = (hash * FNV_PRIME) & MASK_64;
    return value;
  };
  return [next(), next(), next()];
};

/**
 * Three numbers a name, in the order in which the names are first asked for, by the generator of inferno: xorshift64
 * (13, 7, 17), the upper 53 bits.
 * @param seed a whole number from 1 to 2^53
 */
export function drawAtRandom(seed: number): DrawOf {
  let state = BigInt(seed);
  const next = (): number => {
    state ^= (state << 13n) & MASK_64;
    state ^= state >> 7n;
    state ^= (state << 17n) & MASK_64;
    return Math.fround(Number(state >> 11n) / 2 ** 53);
  };
  const drawn = new Map<string, Draw>();
  return (name) => {
    let draw = drawn.get(name);
    if (draw === undefined) {
      draw = [next(), next(), next()];
      drawn.set(name, draw);
    }
    return draw;
  };
}

/** FNV-1a, 32 bit, over UTF-16 units, mixed: what our own palettes draw by. */
export const drawByMix: DrawOf = (name) => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  // The last characters reach the high bits only after one more mix.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash ^= hash >>> 13;
  const [u, v] = [(hash & 0xffff) / 0x10000, (hash >>> 16) / 0x10000];
  return [u, v, v];
};
