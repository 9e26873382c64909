import { EMBEDDED, type EmbeddedSide } from '../../embedded/element.ts';
import { FormatError, type Input } from '../format.ts';

/** A whole profile that a picture holds, as it stands there. */
export interface EmbeddedText {
  readonly version: string;
  readonly text: string;
}

/** What fits into a text with room to spare: some 30 million stacks. */
const LONGEST = 400_000_000;

/** Collects the blocks of a picture of ours: whole profiles, and what a compact picture is drawn from. */
export class EmbeddedTexts {
  /** By side; '' = the picture is of one profile. */
  readonly profiles = new Map<EmbeddedSide | '', EmbeddedText>();
  /** The data of a compact picture, see compact-data. */
  data: string | undefined;
  private readonly input: Input;
  private pieces: string[] | undefined;
  private length = 0;
  private take: (text: string) => void = () => {};

  constructor(input: Input) {
    this.input = input;
  }

  /** The frames need not be looked at. */
  get isEnough(): boolean {
    return this.profiles.size > 0 && this.pieces === undefined;
  }

  /** @returns whether the element is one of ours, whose text is to be given to `add` */
  begin(attributes: ReadonlyMap<string, string>): boolean {
    const id = attributes.get('id') ?? '';
    if (id === 'data') {
      this.take = (text) => {
        this.data ??= text;
      };
    } else if (id === EMBEDDED.id || id.startsWith(`${EMBEDDED.id}-`)) {
      const side = attributes.get(EMBEDDED.side) ?? '';
      if (side !== '' && side !== 'before' && side !== 'after') return false;
      const version = attributes.get('data-version') ?? '';
      this.take = (text) => this.profiles.set(side, { version, text });
    } else return false;
    this.pieces = [];
    this.length = 0;
    return true;
  }

  /** @throws {FormatError} it is longer than any that we write */
  add(text: string): void {
    this.length += text.length;
    if (this.length > LONGEST) {
      throw new FormatError(
        this.input,
        '',
        `the profile in it has more than ${LONGEST} characters`,
        'draw it with --no-embed',
      );
    }
    this.pieces?.push(text);
  }

  end(): void {
    if (this.pieces !== undefined) this.take(this.pieces.join(''));
    this.pieces = undefined;
  }
}
