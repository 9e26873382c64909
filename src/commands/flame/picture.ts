import { openOutput } from '../../output.ts';
import { plural } from '../../plural.ts';
import { invert } from '../../profile/invert.ts';
import type { Profile } from '../../profile/profile.ts';
import { mergeTiers } from '../../profile/tiers.ts';
import { markWakers } from '../../profile/wakers.ts';
import { type Palette, paletteOf } from '../../render/colors.ts';
import type { FlameSvgOptions } from '../../render/flame-svg.ts';
import { type FunctionAttributes, readFunctionAttributes } from '../../render/function-attributes.ts';
import { type DrawOf, drawAtRandom, drawByFnv, drawByHash } from '../../render/palettes/draws.ts';
import { consistent, readPaletteMap, writePaletteMap } from '../../render/palettes/palette-map.ts';
import type { World } from '../../world.ts';
import { PALETTE_FILE, readText } from './picture-files.ts';
import type { PictureLook, PictureOptions } from './picture-options.ts';

const DEFAULT_SEED = 1234;

/** What a flame graph is drawn of and how, as the options want it. */
export interface Picture {
  readonly profile: Profile;
  readonly options: FlameSvgOptions;
  /** What of the files that were read was not taken, for the person. */
  readonly notes: readonly string[];
  /** To be called when it is drawn: keeps the colours of `--cp`. */
  done(): Promise<void>;
}

/**
 * @param collapsed the stacks as they are to be drawn
 * @throws {UserError} a file that the options name cannot be read
 */
export function pictureOf(collapsed: Profile, options: PictureOptions, world: World): Picture {
  const merged = options.colors === 'tier' ? collapsed : mergeTiers(collapsed);
  const marked = options.colors === 'chain' ? markWakers(merged) : merged;
  const profile = options.reverse ? invert(marked) : marked;
  const notes: string[] = [];

  const plain = paletteOf(profile, options.colors, drawOf(options));
  const { palette, done } = options.cp ? keptColors(plain, notes, world) : { palette: plain, done: async () => {} };
  const subtitle = options.subtitle ?? profile.meta.command?.join(' ');
  const order = options.flamechart ? 'time' : options.sort ? 'line' : 'appearance';
  const drawing: FlameSvgOptions = {
    ...lookOf(options),
    colors: options.colors,
    ...(subtitle === undefined ? {} : { subtitle }),
    ...(options.nameattr === undefined ? {} : { attributes: attributesOf(options.nameattr, notes) }),
    order,
    palette,
    notes: [...(options.notes === undefined ? [] : [options.notes]), ...profile.meta.notes],
  };
  return { profile, options: drawing, notes, done };
}

/** What goes for pictures of one profile and of two. */
export function lookOf(options: PictureLook) {
  return {
    ...given(options, ['title', 'subtitle', 'width', 'minWidth', 'inverted', 'search', 'searchColor', 'uiColor']),
    ...given(options, ['strokeColor', 'fontType', 'fontSize', 'fontWidth', 'countName', 'nameType', 'factor']),
    ...(options.height === undefined ? {} : { frameHeight: options.height }),
    ...(options.bgcolors === undefined ? {} : { background: options.bgcolors }),
    ...(options.textTruncate === undefined ? {} : { truncate: options.textTruncate }),
  };
}

function given<Options extends object, Name extends keyof Options>(
  options: Options,
  names: readonly Name[],
): { [N in Name]?: Exclude<Options[N], undefined> } {
  const pairs = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(pairs);
}

function drawOf({ hash, deterministic, random, randomSeed }: PictureOptions): DrawOf | undefined {
  if (hash) return drawByHash;
  if (deterministic) return drawByFnv;
  return random || randomSeed !== undefined ? drawAtRandom(randomSeed ?? DEFAULT_SEED) : undefined;
}

function keptColors(plain: Palette, notes: string[], world: World): { palette: Palette; done: () => Promise<void> } {
  const { colors, ignored } = readPaletteMap(readText(PALETTE_FILE, ''));
  if (ignored > 0) {
    const lines = `${ignored} ${plural(ignored, 'line')} of ${PALETTE_FILE}`;
    notes.push(`ignored ${lines} that ${plural(ignored, 'is', 'are')} not NAME->rgb(R,G,B)`);
  }
  return {
    palette: consistent(plain, colors),
    done: async () => {
      await openOutput(PALETTE_FILE, world).write([writePaletteMap(colors)]);
    },
  };
}

function attributesOf(file: string, notes: string[]): FunctionAttributes {
  const { attributes, refused } = readFunctionAttributes(readText(file));
  if (refused.length > 0) notes.push(`not taken from ${file}: ${refused.slice(0, 5).join(', ')}`);
  return attributes;
}
