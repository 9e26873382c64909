import { readHash, writeHash } from './hash.ts';

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
  const words = readHash();
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

function wordOf(choice: boolean | undefined): string | undefined {
  return choice === undefined ? undefined : choice ? '1' : '0';
}

/** @param asNewPage whether the Back button shall come back to what was there before */
export function writeAddress(address: Address, asNewPage: boolean): void {
  writeHash(
    [
      ['view', address.view],
      ['s', address.search],
      ['callers', wordOf(address.callers)],
      ['down', wordOf(address.down)],
      ['z', address.zoom],
      ['f', address.function],
    ],
    asNewPage,
  );
}
