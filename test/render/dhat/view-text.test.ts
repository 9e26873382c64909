import { describe, expect, test } from 'vitest';
import { readDhat } from '../../../src/formats/dhat/read-dhat.ts';
import { openInput } from '../../../src/formats/input.ts';
import { VIEW_SORTS } from '../../../src/render/dhat/view-sorts.ts';
import { viewText } from '../../../src/render/dhat/view-text.ts';
import { peerRecordings } from '../../formats/dhat/peer-recordings.ts';

describe.each(peerRecordings.filter(({ views }) => views.length > 0))('$name', ({ path, views }) => {
  test.each(views)('is what dh_view shows, byte for byte: sort $sort', async ({ sort, text }) => {
    const points = await readDhat(await openInput(path));
    // The goldens end in a line that whoever printed them added
    expect(`${[...viewText(points, VIEW_SORTS[sort]!)].join('')}\n`).toBe(text);
  });
});
