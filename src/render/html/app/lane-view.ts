import { labelOn, paintLabel } from './canvas.ts';
import type { PageData } from './decode.ts';
import type { LaneBoxes } from './lane-boxes.ts';
import type { Lane } from './lanes.ts';
import type { Store } from './store.ts';
import { theme } from './theme.ts';
import type { Words } from './words.ts';

const ROW = 16;
const HEAD = 24;
/** Height of a lane that is not looked into. */
const STRIP = 22;
const BELOW = 6;
/** No label is tried in less (px). */
const LEAST_LABEL = 22;

/** A lane as it stands in the timeline. */
export interface LaneView {
  readonly lane: Lane;
  readonly head: HTMLButtonElement;
  open: boolean;
  /** Its upper edge in the scrolled content, px. */
  top: number;
  boxes: LaneBoxes | undefined;
}

export function laneHeight({ open, lane }: LaneView): number {
  return HEAD + (open ? lane.depth * ROW : STRIP) + BELOW;
}

/** Paints what is below a lane's head. @param top upper edge of the lane @param height of the canvas; both px */
export function paintLane(
  context: CanvasRenderingContext2D,
  { open, boxes }: LaneView,
  place: { readonly top: number; readonly height: number },
  store: Store,
  words: Words,
): void {
  if (boxes === undefined) return;
  if (!open) {
    paintStrip(context, boxes, place.top + HEAD);
    return;
  }
  const colors = theme();
  const { profile } = store.data;
  const hits = store.hits()?.frames;
  for (let i = 0; i < boxes.length; i++) {
    const y = place.top + HEAD + boxes.row[i]! * ROW;
    if (y + ROW < 0 || y > place.height) continue;
    const frame = profile.stacks.frame[boxes.stack[i]!]!;
    const faded = hits !== undefined && hits[frame] === 0;
    const width = boxes.width[i]!;
    context.globalAlpha = faded ? 0.26 : colors.solid;
    const fill = fillOf(store, frame, hits !== undefined && !faded);
    const label = faded ? colors.text : labelOn(context, fill);
    context.fillStyle = fill;
    context.fillRect(boxes.x[i]!, y, Math.max(1, width - (width > 3 ? 0.6 : 0)), ROW - 1);
    context.globalAlpha = 1;
    if (width < LEAST_LABEL) continue;
    context.fillStyle = label;
    paintLabel(context, words.of(frame), { x: boxes.x[i]!, y, width, height: ROW - 1 });
  }
}

function fillOf({ data, choice }: Store, frame: number, isHit: boolean): string {
  return isHit && choice.group < 0 ? theme().hit : data.summary.fills[data.fill[frame]!]!;
}

/** How busy a thread was that is not looked into. */
function paintStrip(context: CanvasRenderingContext2D, { busy }: LaneBoxes, top: number): void {
  context.fillStyle = theme().narrow;
  for (let x = 0; x < busy.length; x++) {
    const height = Math.min(1, busy[x]!) * (STRIP - 2);
    if (height > 0) context.fillRect(x, top + STRIP - height, 1, height);
  }
}

/** Outlines a box. @param top upper edge of the lane */
export function outlineBox(
  context: CanvasRenderingContext2D,
  { x, width, row }: LaneBoxes,
  box: number,
  top: number,
): void {
  context.strokeStyle = theme().outline;
  context.lineWidth = 1.25;
  context.strokeRect(x[box]! + 0.5, top + HEAD + row[box]! * ROW + 0.5, Math.max(1, width[box]! - 1.5), ROW - 2);
}

/** The box at a place, px from the lane's upper left corner; -1 = none. */
export function boxAt({ open, boxes }: LaneView, x: number, y: number): number {
  if (!open || boxes === undefined) return -1;
  const row = Math.floor((y - HEAD) / ROW);
  for (let i = 0; i < boxes.length; i++) {
    if (boxes.row[i] === row && x >= boxes.x[i]! && x < boxes.x[i]! + Math.max(1, boxes.width[i]!)) return i;
  }
  return -1;
}

export function frameOfBox({ profile }: PageData, { stack }: LaneBoxes, box: number): number {
  return profile.stacks.frame[stack[box]!]!;
}
