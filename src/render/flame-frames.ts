import { frameLabel } from '../profile/frame-label.ts';
import type { Profile } from '../profile/profile.ts';
import { type DisplayUnit, formatInUnit } from '../profile/units.ts';
import { labelColorOn, type Palette, ROOT_FILL } from './colors.ts';
import { withoutMark } from './compact/words.ts';
import { escapeXml } from './escape.ts';
import type { FlameLayout } from './flame-layout.ts';
import type { FrameAttributes, FunctionAttributes } from './function-attributes.ts';
import { type LabelFitter, type LabelFont, labelFitter } from './label-fit.ts';

/** What frames are called. */
export type DrawnProfile = Pick<Profile, 'frames' | 'strings'>;

/** How one frame looks. */
interface FrameLook {
  /** `#rrggbb` */
  readonly fill: string;
  /** What stands between `<` and `>` of the frame's element: `g` or `a`, and its attributes. */
  readonly element: string;
  /** What follows the numbers within the brackets of the title; escaped. */
  readonly titleEnd: string;
}

/** @param node a row of the tree @param frame the row of the profile's frames that it shows */
export type LookOf = (node: number, frame: number) => FrameLook;

export interface FlameFramesOptions {
  readonly lookOf: LookOf;
  readonly unit: DisplayUnit;
  readonly font: LabelFont;
  /** px, as all that follow. */
  readonly frameHeight: number;
  /** From a frame's top to its label's baseline. */
  readonly baseline: number;
  /** Of the root's rectangle; each further row is one `rowStep` away. */
  readonly rootTop: number;
  readonly rowStep: number;
  readonly stageWidth: number;
  readonly attributes?: FunctionAttributes;
}

const FRAMES_PER_CHUNK = 512;
const LABEL_PADDING = 4;

/** One `<g>` per frame (`<a>` where it is a link), the root `all` first, then in preorder. */
export function* flameFrames(
  profile: DrawnProfile,
  layout: FlameLayout,
  options: FlameFramesOptions,
): Iterable<string> {
  const { tree, nodes } = layout;
  const { unit, stageWidth, rootTop, rowStep, baseline, lookOf } = options;
  const { weight } = tree;
  const labels = labelFitter(options.font);
  const words = frameWords(profile, options);
  const ownShare = selfToWrite(layout);
  const unitName = escapeXml(unit.name);
  const height = options.frameHeight - 1;
  const labelShift = (LABEL_PADDING / stageWidth) * weight;
  const wordsOfTotal = totalWords(weight, unit, height);

  const rootSelf = ownShare.root === undefined ? '' : ` data-self="${ownShare.root}"`;
  let chunk =
    `<g class="root"${rootSelf}><title>all (${formatInUnit(weight, unit)} ${unitName}, 100%)</title>` +
    `<rect x="0%" y="${rootTop}" width="100%" height="${height}" fill="${ROOT_FILL}" fg:x="0" fg:w="${weight}"/>` +
    `<text x="${LABEL_PADDING}" y="${rootTop + baseline}">all</text></g>\n`;
  // Mostly a frame starts where the one below it does
  let lastStart = Number.NaN;
  let left = '';
  let from = '';
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    const frame = words(tree.frame[node]!);
    const { fill, element, titleEnd } = lookOf(node, tree.frame[node]!);
    const total = tree.total[node]!;
    const start = tree.start[node]!;
    const y = rootTop + (tree.depth[node]! + 1) * rowStep;
    const self = ownShare.nodes.get(node);
    const { share, width, end } = wordsOfTotal(total);
    if (start !== lastStart) {
      lastStart = start;
      left = `<rect x="${percentOf(start, weight)}" y="`;
      from = `" fg:x="${start}"`;
    }
    const label = fitLabel(frame, (total / weight) * stageWidth - 2 * LABEL_PADDING, labels);
    const text =
      label === ''
        ? ''
        : `<text${LABEL_CLASSES.get(labelColorOn(fill)) ?? ''} x="${percentOf(start + labelShift, weight)}" y="${y + baseline}">${escapeXml(label)}</text>`;
    const title = frame.customTitle ?? `${frame.title} (${share}${titleEnd})`;
    chunk +=
      `<${element}${self === undefined ? '' : ` data-self="${self}"`}><title>${title}</title>` +
      `${left}${y}${width}${fill}${from}${end}${text}</${element[0]}>\n`;
    if (i % FRAMES_PER_CHUNK === FRAMES_PER_CHUNK - 1) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

/** As flamegraph.pl and inferno write them: four digits after the point. */
function percentOf(value: number, weight: number): string {
  return `${weight === 0 ? 0 : Number(((value / weight) * 100).toFixed(4))}%`;
}

/** What is written of a frame's weight. */
interface TotalWords {
  /** Within the brackets of the title: `4.2 ms, 0.01%`. */
  readonly share: string;
  /** From behind the rectangle's top to its fill. */
  readonly width: string;
  /** Behind its start. */
  readonly end: string;
}

/** Found once for each weight: of thousands of frames most are narrow, and have one of a few hundred. */
function totalWords(weight: number, unit: DisplayUnit, height: number): (total: number) => TotalWords {
  const unitName = escapeXml(unit.name);
  const known = new Map<number, TotalWords>();
  return (total) => {
    let words = known.get(total);
    if (!words) {
      words = {
        share: `${formatInUnit(total, unit)} ${unitName}, ${((100 * total) / weight).toFixed(2)}%`,
        width: `" width="${percentOf(total, weight)}" height="${height}" fill="`,
        end: ` fg:w="${total}"/>`,
      };
      known.set(total, words);
    }
    return words;
  };
}

/**
 * Self weights that do not follow from the drawn frames (`fg:w` less what lies on it), because something on them is
 * left out.
 */
function selfToWrite({ tree, nodes, rootSelf }: FlameLayout): {
  root: number | undefined;
  nodes: ReadonlyMap<number, number>;
} {
  const onTop = new Float64Array(tree.length);
  let onRoot = 0;
  for (const node of nodes) {
    const parent = tree.parent[node]!;
    if (parent < 0) onRoot += tree.total[node]!;
    else onTop[parent]! += tree.total[node]!;
  }
  const written = new Map<number, number>();
  for (const node of nodes) {
    const self = tree.self[node]!;
    if (tree.total[node]! - onTop[node]! !== self) written.set(node, self);
  }
  return { root: tree.weight - onRoot === rootSelf ? undefined : rootSelf, nodes: written };
}

interface FrameWords {
  /** The whole label, escaped. */
  readonly title: string;
  /** Instead of the title and its numbers; escaped. */
  readonly customTitle: string | undefined;
  readonly name: string;
  /** `parser.js:120`; '' = unknown. */
  readonly place: string;
}

/** Labels are dark but on fills that ask for another colour. */
const LABEL_CLASSES: ReadonlyMap<string, string> = new Map([
  ['#000000', ' class="k"'],
  ['#ffffff', ' class="w"'],
]);

/** What is said of a frame, found once however often it is drawn. */
function frameWords(profile: DrawnProfile, { attributes }: FlameFramesOptions): (frame: number) => FrameWords {
  const { frames, strings } = profile;
  const known = new Map<number, FrameWords>();
  return (frame) => {
    let words = known.get(frame);
    if (!words) {
      const label = frameLabel(profile, frame);
      const file = strings[frames.file[frame]!]!;
      const line = frames.line[frame]!;
      const place =
        line === 0 ? '' : `${file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)}:${line}`;
      const named = strings[frames.name[frame]!]! || (file === '' ? label : '(anonymous)');
      const own = attributes?.get(label);
      words = {
        title: escapeXml(withoutMark(label)),
        customTitle: own?.title === undefined ? undefined : escapeXml(own.title),
        name: withoutMark(named),
        place,
      };
      known.set(frame, words);
    }
    return words;
  };
}

/** Frames look as a palette has it: all of one function alike. */
export function paletteLooks(profile: Profile, palette: Palette, attributes: FunctionAttributes | undefined): LookOf {
  const known = new Map<number, FrameLook>();
  return (_node, frame) => {
    let look = known.get(frame);
    if (!look) {
      const label = frameLabel(profile, frame);
      const group = palette.groupOf(profile, frame);
      look = { fill: palette.fill(group, label), element: elementOf(group, attributes?.get(label)), titleEnd: '' };
      known.set(frame, look);
    }
    return look;
  };
}

/** The class says the frame's group first; none is the group `unknown`. */
export function elementOf(group: string, own?: FrameAttributes): string {
  const others = new Map(own?.others);
  const classes = others.get('class') ?? '';
  others.delete('class');
  if (group !== 'unknown' || classes !== '') others.set('class', `${group} ${classes}`.trim());
  if (own?.href !== undefined) {
    others.set('xlink:href', own.href);
    // Else it would open within the element that holds the picture
    if (!others.has('target')) others.set('target', '_top');
  }
  const attributes = [...others].map(([name, value]) => ` ${name}="${escapeXml(value)}"`);
  return `${own?.href === undefined ? 'g' : 'a'}${attributes.join('')}`;
}

/** Name and place where both fit, else the name, else its start. */
function fitLabel({ name, place }: FrameWords, room: number, labels: LabelFitter): string {
  // Most frames of a large profile
  if (room < 14) return '';
  if (place !== '') {
    const both = `${name} ${place}`;
    if (labels.fits(both, room)) return both;
  }
  return labels.fit(name, room);
}
