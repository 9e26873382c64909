import type { Comparison } from '../../profile/diff/comparison.ts';
import { formatPercent } from '../../profile/units.ts';
import { type Heading, staticHeading, staticLine } from '../compact/static-texts.ts';
import { escapeXml } from '../escape.ts';
import { textWidth } from '../text-width.ts';
import { scaleColors } from './diff-colors.ts';
import { SCALE_WORDS } from './effect.ts';
import type { DiffPictureOptions } from './options.ts';
import { diffLegend, diffSummary, gonePaths } from './said-of-comparison.ts';

const MARGIN = 12;
const CELL = 22;
const GONE_LINE = 22;
/** No more are named, however much room there is. */
const MOST_GONE = 20;

/** The header of the still picture: as that of every compact picture, with the scale of colours and what is gone. */
export function diffHeading(
  comparison: Comparison,
  { title = 'Differential Flame Graph', subtitle, countName, negate = false }: DiffPictureOptions,
  width: number,
): { readonly svg: string; readonly height: number } {
  const scale = scaleElement(width, 16, negate);
  const said: Heading = {
    title,
    subtitle: [...(subtitle ? [subtitle] : []), ...diffSummary(comparison, countName)].join('  ·  '),
    legend: diffLegend(comparison, negate),
    width,
    taken: scale.width + MARGIN,
  };
  const heading = staticHeading(said);
  const gone = gonePaths(comparison);
  const parts = [heading.svg, scale.svg];
  if (gone.length === 0) return { svg: parts.join('\n'), height: heading.height };
  const named = gone
    .slice(0, MOST_GONE)
    .map(({ label, share }) => `${label} −${formatPercent(share, 1, 1)}`)
    .join(', ');
  const more = gone.length > MOST_GONE ? ` and ${gone.length - MOST_GONE} more` : '';
  parts.push(staticLine('gone', `Gone: ${named}${more}`, heading.height + 6, width - 2 * MARGIN, 13));
  return { svg: parts.join('\n'), height: heading.height + GONE_LINE };
}

/** The scale at the right edge; px. */
function scaleElement(width: number, top: number, negate: boolean): { readonly svg: string; readonly width: number } {
  const colors = scaleColors(negate);
  const [wordsBefore, wordsAfter] = [textWidth(SCALE_WORDS.less, 12.5), textWidth(SCALE_WORDS.more, 12.5)];
  const after = width - MARGIN - wordsAfter;
  const left = after - 6 - colors.length * (CELL + 1);
  const before = left - 6 - wordsBefore;
  const cells = colors.map((fill, i) => {
    const x = Math.round(left + i * (CELL + 1));
    return `<rect x="${x}" y="${top}" width="${CELL}" height="11" fill="${fill}"/>`;
  });
  const word = (x: number, text: string): string =>
    `<text x="${Math.round(x)}" y="${top + 10}" fill="#5b5d66">${escapeXml(text)}</text>`;
  return {
    svg: `<g id="scale" data-stops="${colors.join(' ')}">${word(before, SCALE_WORDS.less)}${cells.join('')}${word(after, SCALE_WORDS.more)}</g>`,
    width: width - before,
  };
}
