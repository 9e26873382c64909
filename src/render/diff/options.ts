import type { Profile } from '../../profile/profile.ts';
import type { FlameSvgOptions } from '../flame-svg.ts';
import type { Widths } from './widths.ts';

/** What pictures of a comparison are asked for; most is as in a flame graph of one profile. */
export interface DiffPictureOptions
  extends Pick<
    FlameSvgOptions,
    | 'background'
    | 'countName'
    | 'factor'
    | 'fontSize'
    | 'fontType'
    | 'fontWidth'
    | 'frameHeight'
    | 'inverted'
    | 'minWidth'
    | 'nameType'
    | 'search'
    | 'searchColor'
    | 'strokeColor'
    | 'subtitle'
    | 'title'
    | 'truncate'
    | 'uiColor'
    | 'width'
  > {
  /** Which widths the picture opens with. Default `after`. */
  readonly widths?: Widths;
  /**
   * What grew is blue and what shrank is red: for weights of which more is better, or sides that were given the other way
   * round. In the classic picture the signs turn too, as flamegraph.pl has it. Default false.
   */
  readonly negate?: boolean;
  /** Classic picture: frames are coloured by their self weights alone, as flamegraph.pl and inferno do. Default false. */
  readonly self?: boolean;
  /** Said in the status line before what the comparison says. Default none. */
  readonly notes?: readonly string[];
  /** Both inputs (the runs of a side merged), to be written into the file so that it can be read back; false = neither, which the picture says. */
  readonly embed?: { readonly before: Profile; readonly after: Profile } | false;
}
