import type { FuzzTarget } from './target.ts';

/** A run takes as long as its input: of what is larger a part is taken that is still read. */
const SMALL = 2 * 1024;
const MOST = 24;
/** Items that a list may keep, and characters that a text may keep, from little cut to much. */
const CUTS = [
  [40, 400],
  [12, 200],
  [5, 100],
  [3, 60],
  [2, 40],
  [1, 20],
] as const;

/**
 * Small inputs that a target reads, cut out of larger ones: lists and texts of JSON lose their ends, texts their last lines or the ones
 * in the middle. Where no part is read the smallest whole ones stay.
 */
export async function smallSeeds({ run, seeds }: FuzzTarget): Promise<Buffer[]> {
  const small = new Map<string, Buffer>();
  const large: Buffer[] = [];
  const isRead = async (bytes: Buffer): Promise<boolean> => {
    try {
      return await run(Buffer.from(bytes));
    } catch {
      return false;
    }
  };
  for (const seed of seeds) {
    const parts = seed.length <= SMALL ? [seed] : partsOf(seed);
    let found: Buffer | undefined;
    for (const part of parts) if (found === undefined && (await isRead(part))) found = part;
    if (found === undefined) large.push(seed);
    else small.set(found.toString('latin1'), found);
  }
  const sorted = [...small.values()].sort((a, b) => a.length - b.length);
  if (sorted.length === 0) return large.sort((a, b) => a.length - b.length).slice(0, 2);
  const step = Math.max(1, sorted.length / MOST);
  return Array.from({ length: Math.min(MOST, sorted.length) }, (_, i) => sorted[Math.floor(i * step)]!);
}

/** Parts of at most {@link SMALL} bytes, the largest first. */
function partsOf(bytes: Buffer): Buffer[] {
  const parts = bytes[0] === 0x7b || bytes[0] === 0x5b ? jsonParts(bytes) : [];
  for (const most of [SMALL, SMALL / 2, SMALL / 4]) {
    const end = bytes.lastIndexOf(10, most) + 1;
    if (end > 0) parts.push(bytes.subarray(0, end));
    const tail = bytes.indexOf(10, bytes.length - most / 2) + 1;
    const head = bytes.lastIndexOf(10, most / 2) + 1;
    if (head > 0 && tail > head) parts.push(Buffer.concat([bytes.subarray(0, head), bytes.subarray(tail)]));
  }
  return parts;
}

function jsonParts(bytes: Buffer): Buffer[] {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return CUTS.map(([items, length]) => Buffer.from(JSON.stringify(cut(value, items, length)))).filter(
      (part) => part.length <= SMALL,
    );
  } catch {
    return [];
  }
}

/** The same with shorter lists and texts. Recursion is as deep as the recordings of the repository. */
function cut(value: unknown, items: number, length: number): unknown {
  if (typeof value === 'string') return value.slice(0, length);
  if (Array.isArray(value)) return value.slice(0, items).map((item) => cut(item, items, length));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cut(member, items, length)]));
}
