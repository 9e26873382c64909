import { FormatError, type Input } from '../format.ts';
import type { XmlHandler } from '../text/xml-reader.ts';
import { DrawnFrames } from './drawn-frames.ts';
import { EmbeddedTexts } from './embedded-texts.ts';
import { RetitledFrames } from './retitled-frames.ts';
import { parseFrameTitle } from './title.ts';

type Attributes = ReadonlyMap<string, string>;

/** Longer texts of elements are no titles and labels: of a hostile file no more is kept. */
const LONGEST_TEXT = 1 << 20;

/** A `<g>` or `<a>`: what may hold a frame. */
interface Group {
  /** Its own `<title>`, or what its `onmouseover` shows. */
  title: string | undefined;
  readonly self: number;
  /** Its rectangle that waits for a label, as its title says no name. */
  waiting: Attributes | undefined;
  label: string;
}

/** What is said of the picture as a whole. */
export interface PictureFacts {
  /** Attributes of the outermost element and of the one that holds the frames. */
  readonly root: Attributes;
  readonly stage: Attributes;
  /** The frame whose title says that it is the whole; -1 = none or several. */
  readonly whole: number;
  /** What counts are called most often; undefined where no frame has one: this is no flame graph. */
  readonly countName: string | undefined;
  /** It says that it was drawn of nothing. */
  readonly isEmpty: boolean;
  /** A heading says that it is in the order of time. */
  readonly isChart: boolean;
  readonly isDifferential: boolean;
  /** Places are percent of the stage; else px. */
  readonly inPercent: boolean;
  /** The most digits behind the point of a place. */
  readonly decimals: number;
  /** How many frames have neither a title of the usual form nor a whole label: they are called by their title. */
  readonly nameless: number;
}

/**
 * Collects what a flame graph says of its frames, whichever tool drew it: every `<rect>` with a title. That stands in the
 * rectangle, in the group or link around it, or (flamegraph.pl to 2012) in its `onmouseover="s('...')"`.
 */
export class PictureReader implements XmlHandler {
  readonly frames = new DrawnFrames();
  readonly embedded: EmbeddedTexts;
  private readonly input: Input;
  private readonly path: string[] = [];
  private readonly groups: Group[] = [];
  private root: Attributes | undefined;
  private stage: Attributes = new Map();
  private whole = -1;
  private readonly countNames = new Map<string, number>();
  private isEmpty = false;
  private isChart = false;
  private isDifferential = false;
  private inPercent = false;
  private decimals = 0;
  private readonly retitled = new RetitledFrames();
  /** The first frame without a place. In a picture of another kind it is none. */
  private nowhere: string | undefined;
  /** What collects text: a `<title>`, a `<text>`, an embedded block. */
  private collecting: 'title' | 'text' | 'block' | '' = '';
  private collected = '';
  private rectangle: Attributes | undefined;
  private rectangleTitle: string | undefined;

  constructor(input: Input) {
    this.input = input;
    this.embedded = new EmbeddedTexts(input);
  }

  /** Whether it is one of ours that holds its frames as data. */
  get isCompact(): boolean {
    return (this.root?.get('class') ?? '').split(' ').includes('pforge-flame');
  }

  facts(): PictureFacts {
    const { root = new Map(), stage, whole, isChart, isDifferential, inPercent, decimals } = this;
    const [countName] = [...this.countNames].sort((a, b) => b[1] - a[1])[0] ?? [];
    if (countName !== undefined && this.nowhere !== undefined)
      throw new FormatError(this.input, '', `a frame is nowhere: ${JSON.stringify(this.nowhere)}`, BROKEN);
    const alone = whole === SEVERAL ? -1 : whole;
    const { isEmpty } = this;
    return {
      ...{ root, stage, whole: alone, countName, isEmpty, isChart, isDifferential },
      ...{ inPercent, decimals, nameless: this.retitled.name(this.frames) },
    };
  }

  open(name: string, attributes: Attributes): void {
    if (this.root === undefined) {
      if (name !== 'svg')
        throw new FormatError(this.input, '', `this is no SVG: it starts with <${name.slice(0, 40)}>`);
      this.root = attributes;
    } else if (name === 'metadata') {
      if (this.embedded.begin(attributes)) this.collecting = 'block';
    } else if (!this.embedded.isEnough) this.openDrawn(name, attributes);
    this.path.push(name);
  }

  text(text: string): void {
    if (this.collecting === 'block') this.embedded.add(text);
    else if (this.collecting !== '' && this.collected.length < LONGEST_TEXT) this.collected += text;
  }

  close(name: string): void {
    this.path.pop();
    if (name === 'metadata') {
      this.embedded.end();
      this.collecting = '';
    } else if (!this.embedded.isEnough) this.closeDrawn(name);
  }

  private openDrawn(name: string, attributes: Attributes): void {
    if (name === 'g' || name === 'a') {
      const title = hoverText(attributes);
      this.groups.push({ title, self: numberOf(attributes.get('data-self')), waiting: undefined, label: '' });
    } else if (name === 'rect') {
      this.rectangle = attributes;
      this.rectangleTitle = hoverText(attributes);
    } else if (name === 'title' || name === 'text') {
      // Most labels say nothing that the title does not
      if (name === 'text' && this.frames.length > 0 && this.groups.at(-1)?.waiting === undefined) return;
      this.collecting = name;
      this.collected = '';
    } else if (name === 'svg' && attributes.get('id') === 'frames') this.stage = attributes;
  }

  private closeDrawn(name: string): void {
    if (name === 'title' && this.collecting === 'title') this.takeTitle();
    else if (name === 'text' && this.collecting === 'text') this.takeLabel();
    else if (name === 'rect') this.takeRectangle();
    else if (name === 'g' || name === 'a') {
      const group = this.groups.pop();
      if (group?.waiting !== undefined) this.takeRetitled(group, group.waiting);
    }
  }

  private takeTitle(): void {
    this.collecting = '';
    const parent = this.path.at(-1);
    if (parent === 'rect') this.rectangleTitle = this.collected;
    else if (parent === 'g' || parent === 'a') this.groups.at(-1)!.title = this.collected;
  }

  private takeLabel(): void {
    this.collecting = '';
    const group = this.groups.at(-1);
    if (group?.waiting !== undefined) group.label = this.collected;
    else if (this.collected.trim() === 'Flame Chart') this.isChart = true;
    else if (/^ERROR: No (?:valid input|stack counts)/.test(this.collected)) this.isEmpty = true;
  }

  private takeRectangle(): void {
    const attributes = this.rectangle;
    this.rectangle = undefined;
    if (attributes === undefined) return;
    const owner = this.titled();
    const text = this.rectangleTitle ?? owner?.title;
    if (text === undefined) return;
    const title = parseFrameTitle(text);
    if (title === undefined) {
      if (this.groups.length > 0) this.groups.at(-1)!.waiting = attributes;
      return;
    }
    if (title.isWhole) this.whole = this.whole === -1 ? this.frames.length : SEVERAL;
    this.countNames.set(title.countName, (this.countNames.get(title.countName) ?? 0) + 1);
    this.isDifferential ||= title.delta !== undefined;
    this.push(attributes, title.name, title.count, owner?.self ?? Number.NaN, title.delta ?? Number.NaN);
  }

  /** A link may stand in a group, or a group in a link: the title is that of the nearest one that has any. */
  private titled(): Group | undefined {
    return this.groups.slice(-DEEPEST_TITLE).findLast(({ title }) => title !== undefined);
  }

  /** A frame whose title somebody has chosen (`--nameattr`): its label is its name, where that is whole. */
  private takeRetitled({ title, label, self }: Group, attributes: Attributes): void {
    const around = title ?? this.titled()?.title ?? '';
    const cut = /^([\s\S]*?)(?:\.\.|…)$/.exec(label);
    const isWhole = label.trim() !== '' && cut === null;
    this.retitled.add(this.frames.length, around, isWhole ? label : undefined, cut?.[1] ?? '');
    this.push(attributes, isWhole ? label : around, Number.NaN, self, Number.NaN);
  }

  private push(attributes: Attributes, name: string, count: number, self: number, delta: number): void {
    const x = attributes.get('x') ?? '';
    this.inPercent ||= x.endsWith('%');
    this.decimals = Math.max(this.decimals, decimalsOf(x));
    const place = { x: numberOf(x), width: numberOf(attributes.get('width')), y: numberOf(attributes.get('y')) };
    if (Object.values(place).some(Number.isNaN) || place.width < 0) this.nowhere ??= name.slice(0, 40);
    this.frames.push({
      name,
      count,
      ...place,
      start: numberOf(attributes.get('fg:x')),
      weight: numberOf(attributes.get('fg:w')),
      self,
      delta,
    });
  }
}

const SEVERAL = -2;
const DEEPEST_TITLE = 3;

const BROKEN = 'the file was changed: draw it again';

/** How many digits of a place stand behind its point. */
function decimalsOf(place: string): number {
  return /\.(\d*)/.exec(place)?.[1]?.length ?? 0;
}

/** What flamegraph.pl shows when the pointer is over an element: `onmouseover="s('...')"`. */
function hoverText(attributes: Attributes): string | undefined {
  const text = attributes.get('onmouseover');
  if (text === undefined || !text.startsWith("s('")) return undefined;
  const end = text.lastIndexOf("')");
  return end < 3 ? undefined : text.slice(3, end).replace(/\\(['"\\])/g, '$1');
}

/** The number that a text starts with; NaN where it is none. */
function numberOf(text: string | undefined): number {
  return text === undefined ? Number.NaN : Number.parseFloat(text);
}
