import { basename } from 'node:path';
import pc from 'picocolors';
import { defaultValueIndex, type Profile } from '../profile/profile.ts';
import { rootByThread } from '../profile/threads.ts';
import { formatPercent } from '../profile/units.ts';
import { toAscii } from '../terminal/ascii.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import { padColumns, shortenEnd, shortenMiddle, stringWidth } from '../terminal/string-width.ts';
import { type FlameTextRow, flameTextRows } from './flame-text-rows.ts';
import { type Colors, kindPaint } from './kind-paint.ts';
import type { Renderer } from './renderer.ts';
import { headingLines, topLines } from './top-text.ts';

export interface FlameTextOptions {
  /** Stands above all else. Default none. */
  readonly title?: string;
  /** Columns that a line may take. Default 120. */
  readonly width?: number;
  /** Default false. */
  readonly color?: boolean;
  /** Nothing but ASCII, for locales that have nothing else. Default false. */
  readonly ascii?: boolean;
  /** Rows of the flame graph at most; the heaviest are taken. Default 50. */
  readonly rows?: number;
  /** Frames below this share of the whole weight get no row, in percent. Default 0.5. */
  readonly minPercent?: number;
  /** Rows of the table of functions. Default 40. */
  readonly limit?: number;
  /** In the graph each stack stands on its thread's name, as in the picture. Default false. */
  readonly threads?: boolean;
  /** Index into `valueTypes`. Default: the profile's default. */
  readonly valueIndex?: number;
}

/** `100.0%  100.0%  ` */
const SHARES_WIDTH = 18;
/** A bar says nothing in less room; the names take it all then. */
const LEAST_BAR = 8;
const BAR_SHARE = 0.3;
/** Names get so much before bars get any. */
const NAME_BEFORE_BAR = 28;
/** What is left of a name however deep its branch is. */
const LEAST_NAME = 14;
const LEAST_PLACE = 6;
const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * A flame graph as text, callers above callees, and the table of the hottest functions below it. Each frame has a line:
 * its shares, a bar as wide as it is in the picture and at the same place, its name. Only branches indent; chains of
 * frames that look the same stand together. No line is wider than `width`; names are escaped.
 */
export const flameText: Renderer<FlameTextOptions> = {
  id: 'text',
  title: 'flame graph and hottest functions in the terminal',
  extension: 'txt',
  *render(profile, options) {
    const { width = 120, rows = 50, limit = 40, minPercent = 0.5, ascii = false } = options;
    const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
    const colors = pc.createColors(options.color ?? false);
    const sections = [
      [
        ...(options.title ? [colors.bold(shortenEnd(escapeTerminal(options.title), width))] : []),
        ...headingLines(profile, valueIndex, width, colors),
      ],
      graphLines(
        options.threads ? rootByThread(profile, 'name') : profile,
        { valueIndex, minPercent, limit: rows },
        width,
        ascii,
        colors,
      ),
      topLines(profile, valueIndex, { limit, width }, colors),
    ].filter((lines) => lines.length > 0);
    const text = `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
    yield ascii ? toAscii(text) : text;
  },
};

function graphLines(
  profile: Profile,
  choice: Parameters<typeof flameTextRows>[1],
  width: number,
  ascii: boolean,
  colors: Colors,
): string[] {
  const { rows, weight, left } = flameTextRows(profile, choice);
  if (weight === 0) return [];
  const share = Math.min(Math.floor(width * BAR_SHARE), width - SHARES_WIDTH - 2 - NAME_BEFORE_BAR);
  const barWidth = share < LEAST_BAR ? 0 : share;
  const room = Math.max(0, width - SHARES_WIDTH - (barWidth === 0 ? 0 : barWidth + 2));
  const fronts = frontsOf(rows, Math.max(0, Math.floor((room - LEAST_NAME) / 3)));

  const title = `${'total'.padStart(7)} ${'self'.padStart(7)}  ${barWidth === 0 ? '' : ' '.repeat(barWidth + 2)}function`;
  const lines = [colors.dim(shortenEnd(title, width))];
  for (const [i, row] of rows.entries()) {
    const total = padColumns(formatPercent(row.total, weight, 1), 7, 'left');
    const self = padColumns(formatPercent(row.self, weight, 1), 7, 'left');
    const paint = row.kind === undefined ? colors.dim : kindPaint(colors, row.kind);
    const bar = barWidth === 0 ? '' : `${paint(barOf(row, weight, barWidth, ascii))}  `;
    const shares = `${total} ${row.self > 0 ? colors.bold(self) : colors.dim(self)}`;
    lines.push(
      `${shares}  ${bar}${colors.dim(fronts[i]!)}${words(row, room - stringWidth(fronts[i]!), colors)}`.trimEnd(),
    );
  }
  if (left.weight > 0) {
    const [most, ending] = [left.atMost, left.weight].map((part) => formatPercent(part, weight, 1));
    const text = `frames of at most ${most} have no line: ${ending} of the weight ends in them`;
    lines.push(colors.dim(shortenEnd(text, width)));
  }
  return lines;
}

/** The name, and the last part of its place where there is room for it; the table below has whole places. */
function words({ name, place, kind }: FlameTextRow, room: number, colors: Colors): string {
  const shown = escapeTerminal(name);
  if (kind === undefined) return colors.dim(shortenMiddle(shown, room));
  const fitting = shortenEnd(shown, room);
  const rest = room - stringWidth(fitting) - 1;
  const where = shortenMiddle(escapeTerminal(basename(place)), rest);
  return place === '' || rest < LEAST_PLACE ? fitting : `${fitting} ${colors.dim(where)}`;
}

/** What stands before each name: branches, for as many levels as there is room for. */
function frontsOf(rows: readonly FlameTextRow[], levels: number): string[] {
  const fronts: string[] = [];
  // Of each row, what its callees have in front, and how many levels that is.
  const ahead: { readonly text: string; readonly level: number }[] = [];
  for (const { parent, isBranch, last } of rows) {
    const above = parent < 0 ? { text: '', level: 0 } : ahead[parent]!;
    const fits = above.level < levels;
    if (!isBranch || !fits) {
      fronts.push(above.text);
      ahead.push(above);
      continue;
    }
    fronts.push(`${above.text}${last ? '└─ ' : '├─ '}`);
    ahead.push({ text: `${above.text}${last ? '   ' : '│  '}`, level: above.level + 1 });
  }
  return fronts;
}

/** A bar in so many columns, to an eighth of a column; never nothing. */
function barOf({ start, total }: FlameTextRow, weight: number, width: number, ascii: boolean): string {
  const from = Math.min(width - 1, Math.round((start / weight) * width));
  const columns = ((start + total) / weight) * width - from;
  const eighths = Math.min((width - from) * 8, Math.max(1, Math.round(columns * 8)));
  const full = ascii ? Math.max(1, Math.round(eighths / 8)) : eighths >> 3;
  const bar = ascii ? '#'.repeat(full) : `${'█'.repeat(full)}${PARTS[eighths & 7]!}`;
  return padColumns(' '.repeat(from) + bar, width);
}
