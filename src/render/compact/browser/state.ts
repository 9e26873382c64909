import { setting } from './page.ts';

/** What the person looks at. Changed by actions.ts alone. */
export interface State {
  /** The frame that fills the width; 0 = all. */
  zoomed: number;
  /** Root on top. */
  inverted: boolean;
  /** The frame that arrow keys have reached, -1 = none. */
  cursor: number;
  /** The frame under the pointer, -1 = none. */
  pointed: number;
  term: string;
  /** The term is a regular expression. */
  regexp: boolean;
  matchCase: boolean;
  /** The kinds that are singled out; none = all. */
  readonly kinds: Set<string>;
}

export const state: State = {
  zoomed: 0,
  inverted: setting('orientation') === 'down',
  cursor: -1,
  pointed: -1,
  term: setting('search'),
  regexp: setting('search') !== '',
  matchCase: false,
  kinds: new Set(),
};
