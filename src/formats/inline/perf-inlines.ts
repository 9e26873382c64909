import type { FrameWords } from '../../profile/builder.ts';
import { expandFrames } from '../../profile/expand-frames.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Notes } from '../format.ts';
import { withoutParameters } from '../frames/cpp-names.ts';
import { CodePlaces, type Location } from './code-places.ts';

/** Stands in the file of frames that are replaced when reading is done; no text of perf gives it. */
const PLACEHOLDER = '\0inline';

/** Frames in binaries whose inlined functions are wanted: each becomes its function and those inlined into it. */
export class PerfInlines {
  private readonly places = new CodePlaces();
  private readonly words: FrameWords[] = [];

  /**
   * @param symbol with its offset: `main+0x1f`
   * @param words what the frame is without debug information
   * @returns a frame to use until {@link resolve}; undefined where debug information is not to be had
   */
  placeholder(address: string, symbol: string, words: readonly FrameWords[]): FrameWords | undefined {
    const [only, ...others] = words;
    const module = only?.module ?? '';
    if (only === undefined || others.length > 0 || !module.startsWith('/')) return undefined;
    if (only.kind === 'kernel' || only.kind === 'jit') return undefined;
    this.places.add({ address, symbol, module });
    return { name: '', file: PLACEHOLDER, line: this.words.push(only) };
  }

  /** @param context frames get file and line, as far as they are known */
  async resolve(profile: Profile, notes: Notes, context: boolean): Promise<Profile> {
    if (this.words.length === 0) return profile;
    const found = await this.places.resolve(notes, { baseNames: false, demangled: true });
    const { frames, strings } = profile;
    const expanded = expandFrames(profile, (frame) => {
      if (strings[frames.file[frame]!] !== PLACEHOLDER) return undefined;
      const index = frames.line[frame]! - 1;
      return framesAt(this.words[index]!, found[index] ?? [], context);
    });
    return { ...expanded, meta: { ...expanded.meta, notes: notes.list } };
  }
}

function framesAt(words: FrameWords, [outermost, ...inlined]: readonly Location[], context: boolean): FrameWords[] {
  if (outermost === undefined) return [words];
  const { module = '' } = words;
  // perf knows the symbol itself best; where it does not, debug information may
  const name = words.name.startsWith('[') && outermost.name !== '??' ? withoutParameters(outermost.name) : words.name;
  return [
    { ...words, name, ...(context ? lineOf(outermost) : {}) },
    ...inlined.map(
      (location): FrameWords => ({
        name: withoutParameters(location.name),
        module,
        kind: 'inlined',
        ...(context ? lineOf(location) : {}),
      }),
    ),
  ];
}

/** `/src/a.c:12`; nothing for `??:0` and `a.c:?`. */
function lineOf({ source }: Location): { file?: string; line?: number } {
  const [, file, line] = /^(.+):(\d{1,9})$/.exec(source) ?? [];
  return file === undefined || file === '??' || Number(line) === 0 ? {} : { file, line: Number(line) };
}
