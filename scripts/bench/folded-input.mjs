// Folded text to time readers with: names as long as real ones, stacks that share callers as real ones do.
import { closeSync, openSync, writeSync } from 'node:fs';
import { xorshift } from './xorshift.mjs';

const NAMES = 20_000;

/**
 * Writes folded text of distinct stacks in no order, some 120 bytes each; the same for the same options.
 * @param {string} path where it is written
 * @param {{ stacks: number, sorted?: boolean }} options how many lines; `sorted`: in the order of their bytes, as
 *   collapsers write them (held in memory for that)
 */
export function makeFolded(path, { stacks, sorted = false }) {
  const random = xorshift(stacks);
  const names = Array.from({ length: NAMES }, (_, i) => nameOf(i, random));
  const file = openSync(path, 'w');
  let piece = [];
  for (let i = 0; i < stacks; i++) {
    // The upper frames are few and the lower ones many: a random walk whose steps widen
    const depth = 4 + random(9);
    const frames = ['app'];
    for (let level = 1, at = 0; level < depth; level++) {
      at = (at * 31 + random(level < 4 ? 4 : 12) * 7 + level) % NAMES;
      frames.push(names[at]);
    }
    // The two lowest tell the stacks from one another
    frames.push(names[(i * 7919) % NAMES], names[Math.floor(i / NAMES)]);
    piece.push(`${frames.join(';')} ${1 + random(1000)}\n`);
    if (!sorted && piece.length === 10_000) writeSync(file, piece.splice(0).join(''));
  }
  if (sorted) piece.sort();
  while (piece.length > 0) {
    writeSync(file, piece.slice(0, 10_000).join(''));
    piece = piece.slice(10_000);
  }
  closeSync(file);
}

function nameOf(i, random) {
  const parts = ['parse', 'read', 'Token', 'visit', 'Node', 'emit', 'scan', 'bind', 'Type', 'resolve'];
  const words = Array.from({ length: 1 + random(3) }, () => parts[random(parts.length)]);
  return `${words.join('')}_${i.toString(36)}`;
}
