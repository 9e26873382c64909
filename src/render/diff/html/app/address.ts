import { readHash, writeHash } from '../../../html/app/hash.ts';
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
  const words = readHash();
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
  writeHash(
    [
      ['view', address.view],
      ['s', address.search],
      ['w', address.widths],
      ['z', address.zoom],
      ['f', address.function],
    ],
    asNewPage,
  );
}
