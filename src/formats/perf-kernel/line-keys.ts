/** Where labels stand among the beginnings of lines of folded text: what `lineKeys` of profile/sibling-order.ts is there. */
import { alloc, i32At, setI32, u8At } from './memory.ts';
import { givenLabels, labelPlaces } from './plain-labels.ts';

/**
 * Of each label, by place, two numbers: where "label COUNT" stands among all such beginnings, and where "label;" does. The
 * second follows the first unless labels in between begin with this one and go on with what is less than `;`.
 * @returns their address, 8 bytes a label; 0 where there is no memory left
 */
export function lineKeys(): i32 {
  const places = labelPlaces();
  const keys = alloc(places * 8 + 8);
  // Labels that the present one begins with, whose "label;" is still to come
  const open = alloc(places * 4 + 4);
  if (open === 0) return 0;
  let waiting = 0;
  let next = 0;
  for (let label = 0; label < places; label++) {
    while (waiting > 0 && !precedes(label, i32At(open + waiting * 4 - 4))) {
      waiting--;
      setI32(keys + i32At(open + waiting * 4) * 8 + 4, next);
      next++;
    }
    setI32(keys + label * 8, next);
    next++;
    setI32(open + waiting * 4, label);
    waiting++;
  }
  while (waiting > 0) {
    waiting--;
    setI32(keys + i32At(open + waiting * 4) * 8 + 4, next);
    next++;
  }
  return keys;
}

/** Whether a line that starts with `label` stands before one that starts with `start;`, both sorted behind `start`. */
function precedes(label: i32, start: i32): bool {
  const text = i32At(givenLabels() + label * 8);
  const begin = i32At(givenLabels() + start * 8);
  const length = i32At(givenLabels() + start * 8 + 4);
  if (i32At(givenLabels() + label * 8 + 4) <= length || u8At(text + length) >= 59) return false;
  for (let i = 0; i < length; i++) if (u8At(text + i) !== u8At(begin + i)) return false;
  return true;
}
