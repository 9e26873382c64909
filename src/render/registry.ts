import { flameSvg } from './flame-svg.ts';
import type { Renderer } from './renderer.ts';
import { topTextRenderer } from './top-text.ts';

/** Every picture and report. Each draws any profile with no option given; its own options are in its own file. */
export const renderers: readonly Renderer<object>[] = [flameSvg, topTextRenderer];
