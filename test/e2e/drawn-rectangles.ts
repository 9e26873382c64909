import { unescapeXml } from '../render/read-svg.ts';

/** One frame of a picture, in px of a picture 1200 wide. */
export interface Rectangle {
  /** The title without its numbers and marks. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `rgb(r,g,b)` */
  readonly fill: string;
}

/** Every frame of a picture of ours, of inferno (percent of `#frames`) or of flamegraph.pl (px). */
export function rectangles(svg: string, imageWidth = 1200): Rectangle[] {
  const stage = /<svg id="frames" x="(\d+)" width="(\d+)"/.exec(svg);
  const frames = svg.slice(svg.indexOf('id="frames"'));
  return [...frames.matchAll(/<title>([\s\S]*?)<\/title>\s*<rect ([^>]*?)\/>/g)].map(([, title, attributes]) => {
    const value = (name: string) => new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes!)![1]!;
    const scale = stage ? (imageWidth - 20) / 100 : 1;
    return {
      name: unescapeXml(title!)
        .replace(/ \([^()]*\)$/, '')
        .replace(/^[ !]$/, ''),
      x: (stage ? 10 : 0) + Number.parseFloat(value('x')) * scale,
      y: Number(value('y')),
      width: Number.parseFloat(value('width')) * scale,
      height: Number(value('height')),
      fill: rgb(value('fill')),
    };
  });
}

function rgb(fill: string): string {
  if (!fill.startsWith('#')) return fill;
  return `rgb(${[1, 3, 5].map((at) => Number.parseInt(fill.slice(at, at + 2), 16)).join()})`;
}

/**
 * Pairs each frame with one of the other picture: same name, row and height; edges at most `tolerance` px apart.
 * @returns the pairs, and what has no partner
 */
export function paired(
  ours: readonly Rectangle[],
  theirs: readonly Rectangle[],
  { tolerance = 0.11, dy = 0 } = {},
): { readonly pairs: readonly (readonly [Rectangle, Rectangle])[]; readonly alone: readonly string[] } {
  const left = new Map<string, Rectangle[]>();
  const key = ({ name, y, height }: Rectangle, shift: number) => `${name} ${y + shift} ${height}`;
  for (const frame of ours) left.set(key(frame, 0), [...(left.get(key(frame, 0)) ?? []), frame]);
  const pairs: [Rectangle, Rectangle][] = [];
  const alone: string[] = [];
  for (const frame of theirs) {
    const candidates = left.get(key(frame, dy)) ?? [];
    const at = candidates.findIndex(
      ({ x, width }) => Math.abs(x - frame.x) <= tolerance && Math.abs(width - frame.width) <= tolerance,
    );
    if (at < 0) alone.push(frame.name);
    else pairs.push([candidates.splice(at, 1)[0]!, frame]);
  }
  return { pairs, alone: [...alone, ...[...left.values()].flat().map(({ name }) => `ours: ${name}`)] };
}
