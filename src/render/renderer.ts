import type { Profile } from '../profile/profile.ts';

/** One kind of picture or report. `id` is the value of `--format`. */
export interface Renderer<Options> {
  readonly id: string;
  readonly title: string;
  /** File name extension without the dot. */
  readonly extension: string;
  /** Chunks of the output, in order. Deterministic: same profile and options, same bytes. */
  render(profile: Profile, options: Options): Iterable<string>;
}
