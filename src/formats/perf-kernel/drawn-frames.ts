import type { FrameWords, ProfileBuilder } from '../../profile/builder.ts';
import { jsKind } from '../../profile/kind.ts';
import type { FunctionPlace } from '../../profile/originals.ts';
import { KINDS, type Profile, TIERS, type Tier } from '../../profile/profile.ts';
import type { PlainSymbols } from './plain-symbols.ts';

/** Elements are 31-bit numbers. */
const MOST_ELEMENTS = 2 ** 31;

/** What stands in stacks: rows of a profile's frames, root frames by name, symbols that the kernel keeps; numbered in this order. */
export interface NumberedFrames {
  readonly built: Profile;
  readonly roots: readonly string[];
  readonly plain: PlainSymbols;
  /** As `writtenLabels` gives them. */
  readonly originals: ReadonlyMap<number, Readonly<FunctionPlace>>;
}

/**
 * The frames of samples, whatever tier they ran in unless that is asked for: of each label those that say something different, as *variants*.
 * They get rows of a profile as soon as somebody asks.
 */
export class DrawnFrames {
  /** Low bits of an element that say which variant it is; the others are its label's place. */
  readonly bits: number;
  /** By number: what stands for it in the kernel's lines. */
  readonly elements: Int32Array;
  /** By place: the number of the label's first variant among all; and at last how many there are. */
  readonly firstFrame: Int32Array;
  private readonly builder: ProfileBuilder;
  private readonly numbered: NumberedFrames;
  private readonly withTiers: boolean;
  /** Of each variant one of the numbers that are it, and its row, -1 = not asked for so far. */
  private readonly numberOf: Int32Array;
  private readonly rows: Int32Array;

  /**
   * @param builder gets the frames
   * @param places of the labels, by number
   * @param placeCount how many places there are
   * @param withTiers whether tiers tell frames apart
   */
  constructor(
    builder: ProfileBuilder,
    numbered: NumberedFrames,
    places: Int32Array,
    placeCount: number,
    withTiers = false,
  ) {
    this.withTiers = withTiers;
    this.builder = builder;
    this.numbered = numbered;
    const variants = new Int32Array(places.length);
    this.firstFrame = new Int32Array(placeCount + 1);
    this.numberOf = new Int32Array(places.length);
    this.rows = new Int32Array(places.length).fill(-1);
    const { start, order } = byPlace(places, placeCount);
    let most = 1;
    for (let place = 0; place < placeCount; place++) {
      const first = this.firstFrame[place]!;
      const alike = order.subarray(start[place]!, start[place + 1]!);
      const count = this.tellApart(alike, first, variants);
      this.firstFrame[place + 1] = first + count;
      if (count > most) most = count;
    }
    this.bits = 32 - Math.clz32(most - 1);
    this.elements = places.map((place, number) => (place << this.bits) | variants[number]!);
  }

  /** Whether there is an element for every frame. */
  get fits(): boolean {
    return (this.firstFrame.length << this.bits) >>> 0 < MOST_ELEMENTS && this.bits < 16;
  }

  /** How many there are. */
  get length(): number {
    return this.firstFrame.at(-1)!;
  }

  /** The row of what an element stands for. */
  rowOf(element: number): number {
    return this.row(this.firstFrame[element >> this.bits]! + (element & ((1 << this.bits) - 1)));
  }

  /** The row of a variant in the profile's frames. */
  row(frame: number): number {
    if (this.rows[frame]! < 0) this.rows[frame] = this.builder.frame(this.words(this.numberOf[frame]!));
    return this.rows[frame]!;
  }

  /** The row of some frame that was asked for, of a label with such a place; -1 = there is none. */
  known(isWanted: (place: number) => boolean): number {
    const { firstFrame, rows } = this;
    for (let place = 0; place + 1 < firstFrame.length; place++) {
      if (!isWanted(place)) continue;
      for (let frame = firstFrame[place]!; frame < firstFrame[place + 1]!; frame++) {
        if (rows[frame]! >= 0) return rows[frame]!;
      }
    }
    return -1;
  }

  /**
   * Finds what there is of a label.
   * @param numbers that have it
   * @param first where its variants begin
   * @param variants of all numbers; those of these are set
   * @returns how many variants there are; by kind, so that of equally heavy ones the first is drawn
   */
  private tellApart(numbers: Int32Array, first: number, variants: Int32Array): number {
    if (numbers.length === 1) {
      this.numberOf[first] = numbers[0]!;
      return 1;
    }
    const ofScript = this.scriptVariants(numbers, first, variants);
    if (ofScript > 0) return ofScript;
    const found = Array.from(numbers, (number) => {
      const words = this.words(number);
      return { number, row: this.builder.frame(words), kind: KINDS.indexOf(words.kind ?? 'unknown') };
    });
    found.sort((a, b) => a.kind - b.kind || a.row - b.row);
    let count = 0;
    for (let i = 0; i < found.length; i++) {
      const { number, row } = found[i]!;
      if (i === 0 || row !== found[i - 1]!.row) {
        this.numberOf[first + count] = number;
        this.rows[first + count] = row;
        count++;
      }
      variants[number] = count - 1;
    }
    return count;
  }

  /**
   * As `tellApart`, where all numbers are of one function of a script, which has one kind wherever it ran.
   * @returns 0 where they may not be
   */
  private scriptVariants(numbers: Int32Array, first: number, variants: Int32Array): number {
    const { built, roots, plain, originals } = this.numbered;
    const known = built.frames.length;
    const isMapped = originals.has(numbers[0]! - roots.length);
    const origins: number[] = [];
    for (const number of numbers) {
      const symbol = number - known - roots.length;
      if (symbol < 0 || !plain.isScript(symbol) || originals.has(known + symbol) !== isMapped) return 0;
      const origin = this.withTiers ? plain.flags(symbol) : plain.origin(symbol);
      let variant = origins.indexOf(origin);
      if (variant < 0) {
        variant = origins.push(origin) - 1;
        this.numberOf[first + variant] = number;
      }
      variants[number] = variant;
    }
    return origins.length;
  }

  private tierOf(number: number): Tier {
    const { built, roots, plain } = this.numbered;
    if (!this.withTiers) return 'none';
    const symbol = number - built.frames.length - roots.length;
    return symbol < 0 ? TIERS[built.frames.tier[number]!]! : plain.tier(symbol);
  }

  private words(number: number): FrameWords {
    const { built, roots, plain, originals } = this.numbered;
    const known = built.frames.length;
    if (number >= known && number < known + roots.length) return { name: roots[number - known]! };
    const symbol = number - known - roots.length;
    const untiered = symbol < 0 ? frameWords(built, number) : plain.words(symbol);
    const original = originals.get(symbol < 0 ? number : known + symbol);
    // Most frames by far: thousands of them, no copies
    if (original === undefined && !this.withTiers) return untiered;
    const words = { ...untiered, tier: this.tierOf(number) };
    if (original === undefined) return words;
    const isScript = words.kind === 'app' || words.kind === 'dependency';
    return { ...words, ...original, ...(isScript ? { kind: jsKind(original.file) } : {}) };
  }
}

function frameWords({ frames, strings }: Profile, frame: number): FrameWords {
  return {
    name: strings[frames.name[frame]!]!,
    file: strings[frames.file[frame]!]!,
    line: frames.line[frame]!,
    column: frames.column[frame]!,
    module: strings[frames.module[frame]!]!,
    kind: KINDS[frames.kind[frame]!]!,
  };
}

/** All numbers, those of one place together (a counting sort), and where those of each place start. */
function byPlace(places: Int32Array, placeCount: number): { start: Int32Array; order: Int32Array } {
  const start = new Int32Array(placeCount + 1);
  for (let number = 0; number < places.length; number++) start[places[number]! + 1]!++;
  for (let place = 1; place <= placeCount; place++) start[place]! += start[place - 1]!;
  const next = start.slice();
  const order = new Int32Array(places.length);
  for (let number = 0; number < places.length; number++) order[next[places[number]!]!++] = number;
  return { start, order };
}
