import { firstFrom, rowCount, rowOf } from '../../../embedded/flame-rows.ts';
import { model } from './model.ts';
import { standalone } from './page.ts';
import { picture } from './picture.ts';
import { state } from './state.ts';

/** The part of the state that a link keeps: zoom as row and left edge in the profile's unit, search, kinds, orientation. */
function addressOf(): string {
  const parts: string[] = [];
  const own = picture().address();
  if (own !== '') parts.push(`v=${own}`);
  if (state.zoomed !== 0) {
    const { rows, scale } = model();
    parts.push(`z=${rowOf(rows, state.zoomed)},${(rows.start[state.zoomed]! * scale[0]) / scale[1]}`);
  }
  if (state.term !== '') parts.push(`${state.regexp ? 'r' : 's'}=${encodeURIComponent(state.term)}`);
  if (state.term !== '' && state.matchCase) parts.push('c=1');
  if (state.kinds.size > 0) parts.push(`k=${encodeURIComponent([...state.kinds].join(','))}`);
  if (state.inverted !== startedInverted) parts.push(`o=${state.inverted ? 'down' : 'up'}`);
  return `#${parts.join('&')}`;
}

const startedInverted = state.inverted;

/** Puts the state into the address, so that a link shows what its sender saw. */
export function remember(asNewPage: boolean): void {
  if (!standalone) return;
  const address = addressOf();
  if ((location.hash || '#') === address) return;
  try {
    if (asNewPage) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  } catch {
    // A browser may forbid it for files: the picture works without.
  }
}

/** Takes the state from the address; false where it says nothing. */
export function recall(): boolean {
  const said = standalone ? location.hash.slice(1) : '';
  state.zoomed = 0;
  state.inverted = startedInverted;
  const parts = said.split('&');
  picture().recall(parts.find((part) => part.startsWith('v='))?.slice(2) ?? '');
  if (said === '') return false;
  state.term = '';
  state.matchCase = false;
  state.kinds.clear();
  for (const part of parts) {
    const text = decoded(part.slice(2));
    if (part.startsWith('z=')) state.zoomed = frameOf(text);
    else if (part.startsWith('s=') || part.startsWith('r=')) {
      state.term = text;
      state.regexp = part.startsWith('r=');
    } else if (part === 'c=1') state.matchCase = true;
    else if (part.startsWith('k=')) for (const kind of text.split(',')) state.kinds.add(kind);
    else if (part.startsWith('o=')) state.inverted = text === 'down';
  }
  return true;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function frameOf(text: string): number {
  const { rows, scale } = model();
  const [row = 0, left = 0] = text.split(',').map(Number);
  if (!(row > 0 && row < rowCount(rows))) return 0;
  const from = Math.round((left * scale[1]) / scale[0]);
  let index = firstFrom(rows, row, from);
  while (rows.start[index] === from && rows.weight[index] === 0 && index < rows.rowStart[row + 1]! - 1) index++;
  return index < rows.rowStart[row + 1]! && rows.start[index] === from ? index : 0;
}
