import { KINDS, type Profile } from '../../../profile/profile.ts';
import { formatPercent, formatValue } from '../../../profile/units.ts';
import { visibleText } from '../../escape.ts';
import { nameOf, placeOf } from '../../frame-words.ts';
import { KIND_TITLES } from '../../kind-titles.ts';

/** What is said of a frame, as text that is safe to show. */
export interface FrameWords {
  readonly name: string;
  /** `file:line`, else the module; '' = unknown. */
  readonly place: string;
  /** Its last part. */
  readonly shortPlace: string;
  readonly kind: string;
}

type Frames = Pick<Profile, 'frames' | 'strings'>;

/** Frames in words, each put together once. */
export class Words {
  private readonly known = new Map<number, FrameWords>();
  private readonly profile: Frames;

  constructor(profile: Frames) {
    this.profile = profile;
  }

  of(frame: number): FrameWords {
    let words = this.known.get(frame);
    if (words === undefined) {
      words = frameWords(this.profile, frame);
      this.known.set(frame, words);
    }
    return words;
  }
}

function frameWords({ frames, strings }: Frames, frame: number): FrameWords {
  const place = placeOf({
    file: strings[frames.file[frame]!]!,
    line: frames.line[frame]!,
    module: strings[frames.module[frame]!]!,
  });
  const short = place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1);
  return {
    name: visibleText(nameOf({ name: strings[frames.name[frame]!]!, file: strings[frames.file[frame]!]! })),
    place: visibleText(place),
    // A module says little where there is room for few words.
    shortPlace: frames.file[frame] === 0 ? '' : visibleText(short),
    kind: KIND_TITLES[KINDS[frames.kind[frame]!]!],
  };
}

/** `1.23 s (45.6%)` */
export function amount(weight: number, whole: number, unit: string): string {
  return `${formatValue(weight, unit)} (${formatPercent(weight, whole)})`;
}
