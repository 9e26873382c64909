import type { Profile } from '../profile/profile.ts';
import { embeddedProfile } from './flame-svg/embedded-profile.ts';
import { EmbeddedTexts } from './flame-svg/embedded-texts.ts';
import { type Claim, type Format, FormatError, type Input, type Notes, type ReadChoices } from './format.ts';
import { decodeText } from './text-lines.ts';

/** HTML reports of ours, read back: they hold the whole profile, or both sides of a comparison, as our pictures do. */
export const flameHtml: Format = {
  id: 'flame-html',
  title: 'report of pforge-prof (HTML)',
  hasSides: true,
  detect,
  read,
};

const START = /^\ufeff?\s*<!doctype html>/i;
const GENERATOR = /<meta name="generator" content="pforge-prof">/;

function detect(head: Uint8Array): Claim {
  const text = decodeText(head);
  return START.test(text) && GENERATOR.test(text) ? 'yes' : 'no';
}

async function read(input: Input, notes: Notes, { side }: ReadChoices = {}): Promise<Profile> {
  const texts = new EmbeddedTexts(input);
  const finder = new ElementFinder(texts);
  for await (const chunk of input.chunks()) {
    finder.add(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1'));
  }
  if (finder.isOpen)
    throw new FormatError(input, '', 'the page ends within its profile: the file was cut', 'copy it again');
  const profile = embeddedProfile(input, texts, side, notes);
  if (profile !== undefined) return profile;
  throw new FormatError(
    input,
    '',
    'this page holds no profile',
    'it was drawn with --no-embed or by an older pforge-prof, or the file was cut',
  );
}

const TAG = '<metadata ';
const END = '</metadata>';
/** A tag of ours is shorter; what is longer is none. */
const LONGEST_TAG = 1000;

/** Finds our elements in a page: their text is base64, so that no mark of HTML can stand in it. */
class ElementFinder {
  private readonly texts: EmbeddedTexts;
  /** What was seen and may be the start of something. */
  private rest = '';
  isOpen = false;

  constructor(texts: EmbeddedTexts) {
    this.texts = texts;
  }

  add(text: string): void {
    let seen = this.rest + text;
    for (;;) {
      const next = this.isOpen ? this.within(seen) : this.between(seen);
      if (next === undefined) return;
      seen = next;
    }
  }

  /** @returns what follows the element; undefined = more must be seen */
  private within(seen: string): string | undefined {
    const end = seen.indexOf(END);
    const known = end < 0 ? Math.max(0, seen.length - END.length) : end;
    this.texts.add(seen.slice(0, known));
    if (end < 0) {
      this.rest = seen.slice(known);
      return undefined;
    }
    this.texts.end();
    this.isOpen = false;
    return seen.slice(end + END.length);
  }

  /** @returns what follows a tag; undefined = more must be seen */
  private between(seen: string): string | undefined {
    const start = seen.indexOf(TAG);
    if (start < 0) {
      this.rest = seen.slice(-TAG.length);
      return undefined;
    }
    const end = seen.indexOf('>', start);
    if (end < 0 && seen.length - start < LONGEST_TAG) {
      this.rest = seen.slice(start);
      return undefined;
    }
    if (end < 0) return seen.slice(start + TAG.length);
    this.isOpen = this.texts.begin(attributesOf(seen.slice(start + TAG.length, end)));
    return seen.slice(end + 1);
  }
}

function attributesOf(text: string): Map<string, string> {
  return new Map([...text.matchAll(/([a-z-]+)="([^"<>&]*)"/g)].map((found) => [found[1]!, found[2]!]));
}
