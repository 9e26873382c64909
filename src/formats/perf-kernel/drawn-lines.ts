/**
 * What a flame graph shows of the lines that `layStacks` made, and what is said of all of them. An element of a line is a
 * label's place and, in so many low bits, a *variant*: which of the frames with this label it is. Frames are numbered by
 * place and variant.
 */
import {
  addSelf,
  closeNode,
  endNodes,
  isWide,
  openDepth,
  openLabel,
  openNode,
  openSelf,
  passNarrow,
  startNodes,
} from './drawn-nodes.ts';
import { lineKeys } from './line-keys.ts';
import { lineLabels, lineRooted, lineStarts, lineWeights, sumTotal } from './line-sums.ts';
import { alloc, f64At, i32At, setF64, setI32, u8At } from './memory.ts';
import { commonLength, sortSequences } from './sequences.ts';
import { addVariant, endVariants, heaviestVariant, startVariants } from './variants.ts';

let sequences: i32 = 0;
let bits: i32 = 0;
let frameStart: i32 = 0;
let nameless: i32 = 0;
let self: i32 = 0;
let nodes: f64 = 0;
/** By depth: where at or below it the innermost nameless frame of the line stands, -1 = nowhere. */
let innermost: i32 = 0;
/** Depths of open nodes that may be drawn as one of several frames, and how many there are. */
let choices: i32 = 0;
let choiceCount: i32 = 0;
/** Weight of lines whose innermost nameless frame is this one: where it is the leaf, and where not. Of lines without frames. */
let namelessLeaf: i32 = 0;
let namelessAbove: i32 = 0;
let frameless: f64 = 0;

/** Of each frame (f64): the weight that ends in nodes drawn as it; that of lines of which it is the innermost without a name. */
export function selfOfFrames(): i32 {
  return self;
}

export function namelessLeaves(): i32 {
  return namelessLeaf;
}

export function namelessCallers(): i32 {
  return namelessAbove;
}

/** Weight of lines that are a root alone. */
export function framelessWeight(): f64 {
  return frameless;
}

/** How many nodes there are, those not drawn included. */
export function allNodes(): f64 {
  return nodes;
}

/**
 * Walks through the lines.
 * @param count of them
 * @param variantBits low bits of an element
 * @param firstFrame of each place the number of its first frame, and at last how many there are
 * @param isNameless a byte for each place: whether it says that there is no name
 * @param minFraction nodes of a smaller part of the whole weight are not drawn
 * @returns false where there is no memory left
 */
export function drawLines(
  count: i32,
  variantBits: i32,
  places: i32,
  firstFrame: i32,
  isNameless: i32,
  minFraction: f64,
): bool {
  sequences = lineLabels();
  bits = variantBits;
  frameStart = firstFrame;
  nameless = isNameless;
  const start = lineStarts();
  const frames = i32At(firstFrame + places * 4);
  let deepest = 0;
  for (let i = 0; i < count; i++) {
    const size = i32At(start + i * 4 + 4) - i32At(start + i * 4);
    if (size > deepest) deepest = size;
  }
  const keys = lineKeys();
  const order = sortSequences(sequences, start, count, bits);
  self = alloc(frames * 8 + 8);
  namelessLeaf = alloc(frames * 8 + 8);
  namelessAbove = alloc(frames * 8 + 8);
  innermost = alloc(deepest * 4 + 4);
  choices = alloc(deepest * 4 + 4);
  choiceCount = 0;
  frameless = 0;
  nodes = 0;
  if (keys === 0 || order === 0 || !startVariants(deepest)) return false;
  if (!startNodes(deepest, keys, minFraction * sumTotal())) return false;
  let same = 0;
  let rooted = -1;
  for (let i = 0; i < count; i++) {
    const line = i32At(order + i * 4);
    const next = i + 1 < count ? commonLength(sequences, start, line, i32At(order + i * 4 + 4), bits) : 0;
    const first = sequences + i32At(start + line * 4) * 4;
    const size = i32At(start + line * 4 + 4) - i32At(start + line * 4);
    const weight = f64At(lineWeights() + line * 8);
    const isRooted = u8At(lineRooted() + line);
    weighNameless(first, isRooted === rooted ? same : 0, size, isRooted, weight);
    rooted = isRooted;
    if (!closeTo(same) || !drawLine(first, size, same > next ? same : next, weight)) return false;
    nodes += size - same;
    same = next;
  }
  if (!closeTo(0)) return false;
  endNodes();
  return true;
}

/** @param shared how many of its nodes the line before or the next one has too */
function drawLine(first: i32, size: i32, shared: i32, weight: f64): bool {
  const narrow = shared < size && !isWide(weight);
  const end = narrow ? shared : size;
  for (let depth = openDepth(); depth < end; depth++) {
    const label = i32At(first + depth * 4) >> bits;
    if (!openNode(label)) return false;
    if (i32At(frameStart + label * 4 + 4) - i32At(frameStart + label * 4) === 1) continue;
    setI32(choices + choiceCount * 4, depth);
    choiceCount++;
  }
  for (let i = 0; i < choiceCount; i++) {
    const depth = i32At(choices + i * 4);
    if (!addVariant(depth, variantOf(i32At(first + depth * 4)), weight)) return false;
  }
  if (!narrow) {
    addSelf(weight);
    return true;
  }
  add(self, frameOf(i32At(first + size * 4 - 4)), weight);
  return passNarrow(i32At(first + shared * 4) >> bits, shared + 1 === size, weight);
}

function closeTo(depth: i32): bool {
  while (openDepth() > depth) {
    const at = openDepth() - 1;
    let frame = i32At(frameStart + openLabel() * 4);
    if (choiceCount > 0 && i32At(choices + choiceCount * 4 - 4) === at) {
      frame += heaviestVariant(at);
      endVariants(at);
      choiceCount--;
    }
    if (openSelf() > 0) add(self, frame, openSelf());
    if (!closeNode(frame)) return false;
  }
  return true;
}

/** @param same how many elements are those of the line before */
function weighNameless(first: i32, same: i32, size: i32, isRooted: i32, weight: f64): void {
  for (let depth = same; depth < size; depth++) {
    const isOne = depth >= isRooted && u8At(nameless + (i32At(first + depth * 4) >> bits)) !== 0;
    setI32(innermost + depth * 4, isOne ? depth : depth === 0 ? -1 : i32At(innermost + depth * 4 - 4));
  }
  if (size === isRooted) {
    frameless += weight;
    return;
  }
  const found = i32At(innermost + size * 4 - 4);
  if (found < 0) return;
  add(found === size - 1 ? namelessLeaf : namelessAbove, frameOf(i32At(first + found * 4)), weight);
}

function add(sums: i32, frame: i32, weight: f64): void {
  setF64(sums + frame * 8, f64At(sums + frame * 8) + weight);
}

function variantOf(element: i32): i32 {
  return element & ((1 << bits) - 1);
}

function frameOf(element: i32): i32 {
  return i32At(frameStart + (element >> bits) * 4) + variantOf(element);
}
