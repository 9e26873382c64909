import type { CallTree } from '../../../profile/call-tree.ts';
import type { Profile } from '../../../profile/profile.ts';
import type { Boxes } from './boxes.ts';
import { labelOn, paintLabel } from './canvas.ts';
import { theme } from './theme.ts';
import type { Words } from './words.ts';

/** Height of a row, px; the last one of them stays free. */
export const ROW = 18;

/** What a flame canvas draws. */
export interface FlamePicture {
  readonly profile: Profile;
  readonly tree: CallTree;
  /** The colour of a frame; undefined for one that is not of the page's profile. */
  fillOf(frame: number): string | undefined;
  /** 1 for each frame that is searched for; undefined = no search. */
  readonly hits: Uint8Array | undefined;
  /** What is found keeps its colour. */
  readonly hitsKeepColor: boolean;
  /** The roots are on top. */
  readonly down: boolean;
  /** Rows next to the roots that are left out. */
  readonly skip: number;
  /** Text of a row below all roots; undefined = no such row. */
  readonly rootLabel?: string;
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
  const { hits, tree, skip } = picture;
  const rootRows = picture.rootLabel === undefined ? 0 : 1;
  if (picture.rootLabel !== undefined) {
    context.globalAlpha = hits === undefined ? 1 : 0.4;
    context.fillStyle = colors.root;
    context.fillRect(0, top(0), whole, ROW - 1);
    context.globalAlpha = 1;
    context.fillStyle = hits === undefined ? colors.label : colors.text;
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
      context.globalAlpha = hits === undefined ? 0.7 : 0.25;
      context.fillStyle = colors.narrow;
      context.fillRect(x, y, width, ROW - 1);
      continue;
    }
    const frame = tree.frame[node]!;
    const isHit = hits !== undefined && hits[frame] === 1;
    const isPath = boxes.row[i]! < zoomedDepth;
    const missed = hits !== undefined && !isHit;
    context.globalAlpha = missed ? 0.26 : isPath ? colors.path : colors.solid;
    const fill = isHit && !picture.hitsKeepColor ? colors.hit : (picture.fillOf(frame) ?? colors.root);
    const label = missed || isPath ? colors.text : labelOn(context, fill);
    context.fillStyle = fill;
    const gap = width > 3 ? 0.6 : width > 1.5 ? 0.3 : 0;
    context.fillRect(x, y, width - gap, ROW - 1);
    context.globalAlpha = 1;
    context.fillStyle = label;
    paintLabel(context, words.of(frame), { x, y, width: width - gap, height: ROW - 1 });
  }
}
