import type { CallTree } from '../../../profile/call-tree.ts';
import type { Profile } from '../../../profile/profile.ts';
import type { Boxes } from './boxes.ts';
import { labelOn, paintLabel } from './canvas.ts';
import { theme } from './theme.ts';
import type { Words } from './words.ts';

/** Height of a row, px; the last one of them stays free. */
export const ROW = 18;

type Pattern = 'stripes' | 'dots';

/** What a flame canvas draws. */
export interface FlamePicture {
  readonly profile: Profile;
  readonly tree: CallTree;
  /** The colour of a node of the tree and its frame; undefined for one that is not of the page's profile. */
  fillOf(frame: number, node: number): string | undefined;
  /** What a node has over its colour. Default: nothing. */
  patternOf?(node: number): Pattern | undefined;
  /** What stands before and behind a node's name; undefined = nothing. Default: nothing. */
  noteOf?(node: number): { readonly mark: string; readonly behind: string } | undefined;
  /** Whether a node and its frame are searched for; undefined = no search. */
  readonly isHit: ((frame: number, node: number) => boolean) | undefined;
  /** What is found keeps its colour. */
  readonly hitsKeepColor: boolean;
  /** The roots are on top. */
  readonly down: boolean;
  /** Rows next to the roots that are left out. */
  readonly skip: number;
  /** Text of a row below all roots; undefined = no such row. */
  readonly rootLabel?: string;
}

/** px from one stripe or dot to the next. */
const TILE = 7;
const patterns = new Map<Pattern, CanvasPattern>();

function paintOf(context: CanvasRenderingContext2D, pattern: Pattern): CanvasPattern {
  let paint = patterns.get(pattern);
  if (paint === undefined) {
    const tile = document.createElement('canvas');
    tile.width = tile.height = TILE;
    (pattern === 'stripes' ? drawStripe : drawDot)(tile.getContext('2d')!);
    paint = context.createPattern(tile, 'repeat')!;
    patterns.set(pattern, paint);
  }
  return paint;
}

function drawStripe(pen: CanvasRenderingContext2D): void {
  pen.strokeStyle = 'rgb(255 255 255 / 0.5)';
  pen.lineWidth = 2;
  pen.beginPath();
  // Beyond the edges, so that tiles join
  for (const from of [-TILE, 0, TILE]) {
    pen.moveTo(from - 1, TILE + 1);
    pen.lineTo(from + TILE + 1, -1);
  }
  pen.stroke();
}

function drawDot(pen: CanvasRenderingContext2D): void {
  pen.fillStyle = 'rgb(22 22 29 / 0.4)';
  pen.beginPath();
  pen.arc(2, 2, 1.1, 0, 2 * Math.PI);
  pen.fill();
}

export interface Painting {
  readonly words: Words;
  /** Depth of the frame that fills the width: what is less deep leads to it. -1 = all is seen. */
  readonly zoomedDepth: number;
  /** Px of the canvas. */
  readonly width: number;
  readonly height: number;
  /** The upper edge of a row; row 0 is the root row, where there is one. */
  top(row: number): number;
}

export function paintFlame(
  context: CanvasRenderingContext2D,
  picture: FlamePicture,
  boxes: Boxes,
  { words, zoomedDepth, width: whole, height, top }: Painting,
): void {
  const colors = theme();
  const { tree, skip } = picture;
  const isSearching = picture.isHit !== undefined;
  const rootRows = picture.rootLabel === undefined ? 0 : 1;
  if (picture.rootLabel !== undefined) {
    context.globalAlpha = isSearching ? 0.4 : 1;
    context.fillStyle = colors.root;
    context.fillRect(0, top(0), whole, ROW - 1);
    context.globalAlpha = 1;
    context.fillStyle = isSearching ? colors.text : colors.label;
    const label = { name: picture.rootLabel, place: '', shortPlace: '', kind: '' };
    paintLabel(context, label, { x: 0, y: top(0), width: whole, height: ROW - 1 });
  }
  for (let i = 0; i < boxes.length; i++) {
    const row = boxes.row[i]! + rootRows - skip;
    const y = top(row);
    if (row < rootRows || y + ROW < 0 || y > height) continue;
    const x = boxes.x[i]!;
    const width = boxes.width[i]!;
    const node = boxes.node[i]!;
    if (node < 0) {
      context.globalAlpha = isSearching ? 0.25 : 0.7;
      context.fillStyle = colors.narrow;
      context.fillRect(x, y, width, ROW - 1);
      continue;
    }
    const frame = tree.frame[node]!;
    const isHit = picture.isHit?.(frame, node) === true;
    const isPath = boxes.row[i]! < zoomedDepth;
    const missed = isSearching && !isHit;
    context.globalAlpha = missed ? 0.26 : isPath ? colors.path : colors.solid;
    const fill = isHit && !picture.hitsKeepColor ? colors.hit : (picture.fillOf(frame, node) ?? colors.root);
    const label = missed || isPath ? colors.text : labelOn(context, fill);
    context.fillStyle = fill;
    const gap = width > 3 ? 0.6 : width > 1.5 ? 0.3 : 0;
    context.fillRect(x, y, width - gap, ROW - 1);
    const pattern = picture.patternOf?.(node);
    if (pattern !== undefined) {
      context.fillStyle = paintOf(context, pattern);
      context.fillRect(x, y, width - gap, ROW - 1);
    }
    context.globalAlpha = 1;
    context.fillStyle = label;
    const said = words.of(frame);
    const note = picture.noteOf?.(node);
    const full = note === undefined ? said : { ...said, name: `${note.mark} ${said.name}`, shortPlace: note.behind };
    paintLabel(context, full, {
      x,
      y,
      width: width - gap,
      height: ROW - 1,
    });
  }
}
