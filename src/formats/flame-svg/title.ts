/** What the title of a frame says: `name (1,234 samples, 5.60%; +0.12%)`. */
export interface FrameTitle {
  readonly name: string;
  readonly count: number;
  /** What is counted: `samples`, `ms`, whatever somebody chose. */
  readonly countName: string;
  /** Of a differential graph: how much it changed, in percent of the whole; else undefined. */
  readonly delta: number | undefined;
  /** Both tools write the share of the root, and of it alone, without decimals: `100%`. */
  readonly isWhole: boolean;
}

const percent = /^(\d+(?:\.\d+)?)%(?:; ([+-]?\d+(?:\.\d+)?)%)?\)$/;
const counted = /^ \((\d[\d,]*(?:\.\d+)?|\.\d+) ([\s\S]*)$/;
/** Of a fork of 2014: the weight says how much it changed. */
const weighted = /^ \(-?\d+ sample weight, (\d[\d,]*) (samples)$/;

/**
 * Reads the title of a frame of any of the tools. A name may hold parentheses, commas and numbers, and so may what is
 * counted: what stands last counts. Takes time linear in the text.
 * @returns undefined where the text is no such title
 */
export function parseFrameTitle(text: string): FrameTitle | undefined {
  const comma = text.lastIndexOf(', ');
  const share = comma < 0 ? null : percent.exec(text.slice(comma + 2));
  if (share === null) return undefined;
  for (let end = comma; ; ) {
    const open = text.lastIndexOf(' (', end);
    if (open < 0) return undefined;
    const rest = text.slice(open, comma);
    // A digit is all that can follow; what is no number is not looked at in full
    const found = /^ \([-\d.]/.test(rest) ? (counted.exec(rest) ?? weighted.exec(rest)) : null;
    if (found !== null) {
      return {
        name: text.slice(0, open),
        count: Number(found[1]!.replaceAll(',', '')),
        countName: found[2]!,
        delta: share[2] === undefined ? undefined : Number(share[2]),
        isWhole: share[1] === '100',
      };
    }
    if (open === 0) return undefined;
    end = open - 1;
  }
}
