/** What a person wants of the frames of one function. */
export interface FrameAttributes {
  /** Instead of the name and its numbers. */
  readonly title?: string;
  /** The frame becomes a link. */
  readonly href?: string;
  /** Of the frame's element, in order: class, target and what `g_extra` and `a_extra` say. */
  readonly others: readonly (readonly [name: string, value: string])[];
}

/** By function name. */
export type FunctionAttributes = ReadonlyMap<string, FrameAttributes>;

const ATTRIBUTE_NAME = /^[A-Za-z_][\w.:-]*$/;

/**
 * Reads a function attributes file of flamegraph.pl and inferno (`--nameattr`): a line a function, its name, a tab, then
 * `name=value` pairs between tabs. Names are `title`, `href`, `class`, `target`, and `g_extra` and `a_extra`, whose values
 * are attributes themselves: `data-owner="net" rel=nofollow`. Values may stand in quotes. A later one replaces an
 * earlier one. What could run code or fetch something is not taken: event handlers, `style`, `href` of a script.
 * @returns the attributes, and what was not taken, in words
 */
export function readFunctionAttributes(text: string): {
  readonly attributes: FunctionAttributes;
  readonly refused: readonly string[];
} {
  const attributes = new Map<string, FrameAttributes>();
  const refused: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [name, ...pairs] = line.trim().split('\t');
    if (name === undefined || name === '') continue;
    let { title, href } = attributes.get(name) ?? {};
    const others = new Map(attributes.get(name)?.others);
    for (const pair of pairs) {
      const [key, value] = keyAndValue(pair);
      if (key === '' || value === undefined) continue;
      if (key === 'title') title = value;
      else if (key === 'href' && isHarmless(value)) href = value;
      else if (key === 'class' || key === 'target') others.set(key, value);
      else if (key === 'g_extra' || key === 'a_extra') {
        for (const [extra, of] of extraAttributes(value)) {
          if (isTaken(extra)) others.set(extra, of);
          else refused.push(`${extra} of ${name}`);
        }
      } else refused.push(`${key} of ${name}`);
    }
    attributes.set(name, {
      ...(title === undefined ? {} : { title }),
      ...(href === undefined ? {} : { href }),
      others: [...others],
    });
  }
  return { attributes, refused };
}

function keyAndValue(pair: string): [key: string, value: string | undefined] {
  const at = pair.indexOf('=');
  if (at < 0) return [pair.trim(), undefined];
  return [
    pair.slice(0, at).trim(),
    pair
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/s, '$1'),
  ];
}

/** `a=1 b="2 3"`, as pairs. */
function extraAttributes(text: string): [name: string, value: string][] {
  return [...text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|(\S+))/g)].map(([, name, quoted, bare]) => [
    name!,
    quoted ?? bare ?? '',
  ]);
}

function isTaken(attribute: string): boolean {
  return ATTRIBUTE_NAME.test(attribute) && !/^(?:on|style$|id$|(?:xlink:)?href$|xmlns|fg:|data-self$)/i.test(attribute);
}

/** Browsers leave out blanks and control characters before they look at the scheme. */
function isHarmless(href: string): boolean {
  return !/^(?:javascript|vbscript|data):/i.test(href.replace(/[\u0000-\u0020]/g, ''));
}
