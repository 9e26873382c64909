import { frameLabel } from '../profile/frame-label.ts';
import type { Profile } from '../profile/profile.ts';
import { type DisplayUnit, formatInUnit, formatPercent } from '../profile/units.ts';
import { type Palette, ROOT_FILL } from './colors.ts';
import { escapeXml } from './escape.ts';
import type { FlameLayout } from './flame-layout.ts';
import { fitText, textWidth } from './text-width.ts';

export interface FlameFramesOptions {
  readonly palette: Palette;
  readonly unit: DisplayUnit;
  /** px, as all that follow. */
  readonly frameHeight: number;
  readonly fontSize: number;
  /** From a frame's top to its label's baseline. */
  readonly baseline: number;
  readonly inverted: boolean;
  readonly stageWidth: number;
}

const FRAMES_PER_CHUNK = 512;
const LABEL_PADDING = 4;

/** One `<g>` per frame, the root `all` first, then in preorder. */
export function* flameFrames(profile: Profile, layout: FlameLayout, options: FlameFramesOptions): Iterable<string> {
  const { tree, nodes, rows } = layout;
  const { frameHeight, palette, unit } = options;
  const row = (depth: number): number => (options.inverted ? depth : rows - 1 - depth) * frameHeight;
  const percent = (value: number): string =>
    `${tree.weight === 0 ? 0 : Number(((value / tree.weight) * 100).toFixed(4))}%`;
  const words = frameWords(profile, palette);

  const ownShare = selfToWrite(layout);

  const whole = tree.weight === 0 ? 0 : tree.weight;
  let chunk = group({
    className: 'root',
    self: ownShare.root,
    title: `all (${formatInUnit(whole, unit)} ${escapeXml(unit.name)}, 100%)`,
    x: '0%',
    width: '100%',
    y: row(0),
    fill: ROOT_FILL,
    start: 0,
    weight: whole,
    label: 'all',
    labelX: `${LABEL_PADDING}`,
  });
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    const { title, name, place, fill, className } = words(tree.frame[node]!);
    const total = tree.total[node]!;
    const start = tree.start[node]!;
    const px = tree.weight === 0 ? 0 : (total / tree.weight) * options.stageWidth;
    chunk += group({
      className,
      self: ownShare.nodes.get(node),
      title: `${title} (${formatInUnit(total, unit)} ${escapeXml(unit.name)}, ${formatPercent(total, tree.weight)})`,
      x: percent(start),
      width: percent(total),
      y: row(tree.depth[node]! + 1),
      fill,
      start,
      weight: total,
      label: fitLabel(name, place, px - 2 * LABEL_PADDING, options.fontSize),
      labelX: percent(start + (LABEL_PADDING / options.stageWidth) * tree.weight),
    });
    if (i % FRAMES_PER_CHUNK === FRAMES_PER_CHUNK - 1) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;

  function group(frame: {
    readonly className: string;
    readonly self: number | undefined;
    /** Escaped. */
    readonly title: string;
    readonly x: string;
    readonly width: string;
    readonly y: number;
    readonly fill: string;
    readonly start: number;
    readonly weight: number;
    /** Not escaped; '' = none. */
    readonly label: string;
    readonly labelX: string;
  }): string {
    const text =
      frame.label === ''
        ? ''
        : `<text x="${frame.labelX}" y="${frame.y + options.baseline}">${escapeXml(frame.label)}</text>`;
    const self = frame.self === undefined ? '' : ` data-self="${frame.self}"`;
    return (
      `<g class="${frame.className}"${self}><title>${frame.title}</title>` +
      `<rect x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frameHeight - 1}" rx="2" fill="${frame.fill}" ` +
      `fg:x="${frame.start}" fg:w="${frame.weight}"/>${text}</g>\n`
    );
  }
}

/**
 * Self weights that do not follow from the drawn frames (`fg:w` less what lies on it), because something on them is
 * left out.
 */
function selfToWrite({ tree, nodes }: FlameLayout): { root: number | undefined; nodes: ReadonlyMap<number, number> } {
  const onTop = new Float64Array(tree.length);
  let onRoot = 0;
  let rootSelf = tree.weight;
  for (const node of nodes) {
    const parent = tree.parent[node]!;
    if (parent < 0) onRoot += tree.total[node]!;
    else onTop[parent]! += tree.total[node]!;
  }
  for (let node = 0; node < tree.length; node++) if (tree.parent[node]! < 0) rootSelf -= tree.total[node]!;
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
  readonly name: string;
  /** `parser.js:120`; '' = unknown. */
  readonly place: string;
  readonly fill: string;
  readonly className: string;
}

/** What is said of a frame, found once however often it is drawn. */
function frameWords(profile: Profile, palette: Palette): (frame: number) => FrameWords {
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
      const className = palette.groupOf(profile, frame);
      words = { title: escapeXml(label), name: named, place, fill: palette.fill(className, label), className };
      known.set(frame, words);
    }
    return words;
  };
}

/** Name and place where both fit, else the name, else its start. */
function fitLabel(name: string, place: string, room: number, fontSize: number): string {
  if (room < 14) return '';
  if (place !== '') {
    const both = `${name} ${place}`;
    if (both.length * fontSize * 0.22 <= room && textWidth(both, fontSize) <= room) return both;
  }
  return fitText(name, room, fontSize);
}
