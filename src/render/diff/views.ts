import type { Widths } from './widths.ts';

/** What a person chooses of, in the order of the buttons. */
export const VIEWS: readonly { readonly widths: Widths; readonly text: string; readonly title: string }[] = [
  { widths: 'before', text: 'Before', title: 'As wide as before: what is gone is there, what is new is not' },
  { widths: 'after', text: 'After', title: 'As wide as after: what is new is there, what is gone is not' },
  { widths: 'max', text: 'Both', title: 'As wide as on the side where it is wider: all that there is' },
];
