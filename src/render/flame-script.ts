import { BARS_SCRIPT } from './flame-script/bars.ts';
import { EVENTS_SCRIPT } from './flame-script/events.ts';
import { FRAMES_SCRIPT } from './flame-script/frames.ts';
import { SEARCH_SCRIPT } from './flame-script/search.ts';
import { VIEW_SCRIPT } from './flame-script/view.ts';

/**
 * What runs inside the picture, always the same bytes: nothing of a profile is ever written into it. It reads numbers
 * from attributes and names from text, and writes text only as text.
 */
export const FLAME_SCRIPT = `(() => {
'use strict';
${FRAMES_SCRIPT}${VIEW_SCRIPT}${SEARCH_SCRIPT}${BARS_SCRIPT}${EVENTS_SCRIPT}})();
`;
