/** What a link to the page holds, so that it shows what its sender saw. */
export interface Address {
  /** '' = the one that the page opens with. */
  readonly view: string;
  readonly search: string;
  /** undefined = as the page was made. */
  readonly callers: boolean | undefined;
  /** undefined = as the page was made. */
  readonly down: boolean | undefined;
  readonly zoom: string;
  /** {@link functionKey}; '' = none. */
  readonly function: string;
}

export function readAddress(): Address {
  const words = new URLSearchParams(location.hash.slice(1));
  return {
    view: words.get('view') ?? '',
    search: words.get('s') ?? '',
    callers: choice(words.get('callers')),
    down: choice(words.get('down')),
    zoom: words.get('z') ?? '',
    function: words.get('f') ?? '',
  };
}

function choice(word: string | null): boolean | undefined {
  return word === null ? undefined : word === '1';
}

/** @param asNewPage whether the Back button shall come back to what was there before */
export function writeAddress(address: Address, asNewPage: boolean): void {
  const words = new URLSearchParams();
  if (address.view !== '') words.set('view', address.view);
  if (address.search !== '') words.set('s', address.search);
  if (address.callers !== undefined) words.set('callers', address.callers ? '1' : '0');
  if (address.down !== undefined) words.set('down', address.down ? '1' : '0');
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
