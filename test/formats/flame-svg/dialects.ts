/** One rectangle of a flame graph; the first of a list is `all`. */
interface Box {
  readonly name: string;
  readonly count: number;
  readonly start: number;
  readonly depth: number;
}

interface DialectLook {
  readonly inverted?: boolean;
  readonly countName?: string;
  /** Titles have counts multiplied by this. */
  readonly factor?: number;
  /** Frames narrower than this are not drawn: px of 1180. */
  readonly leastPx?: number;
  /** By path between `;`: how much the self weight changed, in counts. */
  readonly changes?: ReadonlyMap<string, number>;
}

/** Lays stacks out as flamegraph.pl does: children from left to right by name behind the frame's own weight. */
function boxesOf(stacks: ReadonlyMap<string, number>): { boxes: (Box & { readonly path: string })[]; total: number } {
  interface Node {
    readonly name: string;
    readonly path: string;
    self: number;
    readonly children: Map<string, Node>;
  }
  const root: Node = { name: 'all', path: '', self: 0, children: new Map() };
  for (const [stack, count] of stacks) {
    let at = root;
    for (const name of stack.split(';')) {
      const path = at === root ? name : `${at.path};${name}`;
      if (!at.children.has(name)) at.children.set(name, { name, path, self: 0, children: new Map() });
      at = at.children.get(name)!;
    }
    at.self += count;
  }
  const boxes: (Box & { readonly path: string })[] = [];
  const place = (node: Node, start: number, depth: number): number => {
    const at = boxes.length;
    boxes.push({ name: node.name, path: node.path, count: 0, start, depth });
    let count = node.self;
    for (const name of [...node.children.keys()].sort())
      count += place(node.children.get(name)!, start + count, depth + 1);
    boxes[at] = { ...boxes[at]!, count };
    return count;
  };
  return { total: place(root, 0, 0), boxes };
}

export const DIALECTS = [
  'perl-2012',
  'perl-2013',
  'perl-2014',
  'perl-2018',
  'inferno-0.2',
  'inferno-0.7',
  'inferno-0.8',
  'inferno',
] as const;
type Dialect = (typeof DIALECTS)[number];

const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A flame graph in the structure that a version of a tool gives it. */
export function drawnAs(dialect: Dialect, stacks: ReadonlyMap<string, number>, look: DialectLook = {}): string {
  const { inverted = false, countName = 'samples', factor = 1, leastPx = 0, changes } = look;
  const { boxes, total } = boxesOf(stacks);
  const rows = Math.max(...boxes.map(({ depth }) => depth)) + 1;
  const height = rows * 16 + 100;
  const frames = boxes
    .filter(({ count }) => (count / total) * 1180 >= leastPx)
    .map((box) => {
      const { name, count, start, depth, path } = box;
      const y = inverted ? 36 + depth * 16 : height - 50 - depth * 16;
      const share = depth === 0 ? '100' : ((100 * count) / total).toFixed(2);
      const change = ((changes?.get(path) ?? 0) * 100) / total;
      const delta = changes === undefined ? '' : `; ${change > 0 ? '+' : ''}${change.toFixed(2)}%`;
      const shown = Math.round(count * factor).toLocaleString('en-US');
      const title = xmlText(`${name} (${shown} ${countName}, ${share}%${delta})`);
      const px = (place: number): number => 10 + (place * 1180) / total;
      const [x, right] = [px(start), px(start + count)];
      const tenths = `x="${x.toFixed(1)}" y="${y}" width="${(Number(right.toFixed(1)) - Number(x.toFixed(1))).toFixed(1)}" height="15.0"`;
      const whole = `x="${Math.floor(x)}" y="${y}" width="${Math.floor(right) - Math.floor(x)}" height="15"`;
      const percent = `x="${((100 * start) / total).toFixed(4)}%" y="${y}" width="${((100 * count) / total).toFixed(4)}%" height="15"`;
      const label = `<text x="1" y="2">${xmlText(name.slice(0, 3))}..</text>`;
      const hover = `onmouseover="s('${title.replaceAll("'", "\\'")}')" onmouseout="c()"`;
      switch (dialect) {
        case 'perl-2012':
          return `<rect ${tenths} fill="rgb(1,2,3)" rx="2" ry="2" ${hover} />\n${label}`;
        case 'perl-2013':
          return `<g class="func_g" ${hover}>\n<rect ${tenths} fill="rgb(1,2,3)" rx="2" ry="2" />\n${label}\n</g>`;
        case 'perl-2014':
          return `<g class="func_g" ${hover} onclick="zoom(this)">\n<title>${title}</title><rect ${tenths} rx="2" ry="2" />\n${label}\n</g>`;
        case 'perl-2018':
          return name === 'all'
            ? `<g >\n<title>${title}</title><rect ${tenths} rx="2" ry="2" />\n${label}\n</g>`
            : `<g class="x"><title>${title}</title><a xlink:href="http://x/?a=1&amp;b" target="_top"><rect ${tenths} />\n${label}\n</a></g>`;
        case 'inferno-0.2':
          return `<g class="func_g" onmouseover="s(this)" onclick="zoom(this)"><title>${title}</title><rect ${whole} fill="rgb(1,2,3)"/>${label}</g>`;
        case 'inferno-0.7':
          return `<g><title>${title}</title><rect ${whole} fill="rgb(1,2,3)"/>${label}</g>`;
        case 'inferno-0.8':
          return `<g><title>${title}</title><rect ${percent} fill="rgb(1,2,3)"/>${label}</g>`;
        default:
          return `<g><title>${title}</title><rect ${percent} fg:x="${start}" fg:w="${count}"/>${label}</g>`;
      }
    });
  const head =
    `<?xml version="1.0" standalone="no"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n` +
    `<svg version="1.1" width="1200" height="${height}" onload="init(evt)" viewBox="0 0 1200 ${height}" xmlns="http://www.w3.org/2000/svg">\n` +
    '<!-- NOTES: --><style type="text/css">text { fill: black }</style><script type="text/ecmascript"><![CDATA[ a < b && c; ]]></script>\n' +
    '<rect x="0.0" y="0" width="1200.0" height="10" fill="url(#background)"  /><text id="title" x="600" y="24">Flame Graph</text>\n';
  const [open, close] = {
    'perl-2012': ['', ''],
    'perl-2013': ['', ''],
    'perl-2014': ['', ''],
    'perl-2018': ['<g id="frames">\n', '</g>\n'],
    'inferno-0.2': ['', ''],
    'inferno-0.7': ['<g id="frames">', '</g>'],
    'inferno-0.8': ['<svg id="frames" x="10" width="1180">', '</svg>'],
    inferno: [`<svg id="frames" x="10" width="1180" total_samples="${total}">`, '</svg>'],
  }[dialect] as [string, string];
  // flamegraph.pl writes frames in the order of a hash
  const order = dialect.startsWith('perl') ? frames.reverse() : frames;
  return `${head}${open}${order.join('\n')}\n${close}</svg>\n`;
}
