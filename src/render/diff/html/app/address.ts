import { WIDTHS, type Widths } from '../../widths.ts';

/** What a link to the page holds, so that it shows what its sender saw. */
export interface DiffAddress {
  /** '' = the flame graph. */
  readonly view: string;
  readonly search: string;
  /** undefined = as the page opens. */
  readonly widths: Widths | undefined;
  /** The path of the node that fills the width; '' = all. */
  readonly zoom: string;
  /** The frame of the function that is looked at; '' = none. */
  readonly function: string;
}

export function readAddress(): DiffAddress {
  const words = new URLSearchParams(location.hash.slice(1));
  return {
    view: words.get('view') ?? '',
    search: words.get('s') ?? '',
    widths: WIDTHS.find((widths) => widths === words.get('w')),
    zoom: words.get('z') ?? '',
    function: words.get('f') ?? '',
  };
}

/** @param asNewPage whether the Back button shall come back to what was there before */
export function writeAddress(address: DiffAddress, asNewPage: boolean): void {
  const words = new URLSearchParams();
  if (address.view !== '') words.set('view', address.view);
  if (address.search !== '') words.set('s', address.search);
  if (address.widths !== undefined) words.set('w', address.widths);
  if (address.zoom !== '') words.set('z', address.zoom);
  if (address.function !== '') words.set('f', address.function);
  const hash = `#${words}`;
  if (hash === (location.hash || '#')) return;
  try {
    if (asNewPage) history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
  } catch {
    // A browser may forbid it for files: the page works without.
  }
}
