/** One frame as a picture of ours holds it. */
export interface DrawnFrame {
  readonly className: string;
  readonly title: string;
  /** The title without its numbers. */
  readonly name: string;
  readonly start: number;
  readonly weight: number;
  readonly writtenSelf: number | undefined;
  readonly y: number;
  /** Percent of the stage. */
  readonly x: number;
  readonly width: number;
  readonly fill: string;
  readonly label: string;
  /** Row from the root; the root `all` is 0. */
  readonly depth: number;
  /** Index of the frame below it, -1 for the root. */
  readonly parent: number;
}

const frameElement =
  /<[ga](?: class="([^"]*)")?(?: [\w:-]+="[^"]*")*?(?: data-self="([^"]*)")?><title>([\s\S]*?)<\/title><rect x="([\d.]+)%" y="([\d.]+)" width="([\d.]+)%" height="[\d.]+" fill="(#[0-9a-f]{6})" fg:x="([^"]*)" fg:w="([^"]*)"\/>(?:<text [^>]*>([\s\S]*?)<\/text>)?<\/[ga]>\n/g;

export function unescapeXml(text: string): string {
  const named = new Map([
    ['amp', '&'],
    ['lt', '<'],
    ['gt', '>'],
    ['quot', '"'],
    ['#39', "'"],
    ['apos', "'"],
    ['#13', '\r'],
  ]);
  return text.replace(/&([^;]+);/g, (_, name: string) => named.get(name) ?? `bad entity ${name}`);
}

/** Reads our own pictures back, by `fg:x`, `fg:w` and the titles alone, as a reader of inferno's pictures does. */
export function readSvg(svg: string): { readonly total: number; readonly frames: readonly DrawnFrame[] } {
  const total = Number(/total_samples="([^"]*)"/.exec(svg)![1]);
  const rowHeight = Number(/data-row-height="([^"]*)"/.exec(svg)![1]);
  const found = [...svg.matchAll(frameElement)];
  const rootY = Number(found[0]![5]);
  const frames: DrawnFrame[] = [];
  const lastAtDepth: number[] = [];
  for (const match of found) {
    const title = unescapeXml(match[3]!);
    const depth = Math.abs(Number(match[5]) - rootY) / rowHeight;
    lastAtDepth[depth] = frames.length;
    frames.push({
      className: match[1] ?? 'unknown',
      title,
      name: title.replace(/ \([^()]*\)$/, ''),
      start: Number(match[8]),
      weight: Number(match[9]),
      writtenSelf: match[2] === undefined ? undefined : Number(match[2]),
      y: Number(match[5]),
      x: Number(match[4]),
      width: Number(match[6]),
      fill: match[7]!,
      label: unescapeXml(match[10] ?? ''),
      depth,
      parent: depth === 0 ? -1 : lastAtDepth[depth - 1]!,
    });
  }
  return { total, frames };
}

/** Self weight of each frame: what is written, else its weight less what lies on it. */
export function selfOf(frames: readonly DrawnFrame[]): number[] {
  const self = frames.map((frame) => frame.weight);
  for (const frame of frames) if (frame.parent >= 0) self[frame.parent]! -= frame.weight;
  return self.map((value, i) => frames[i]!.writtenSelf ?? value);
}

/** `a;b 3` for every frame with self weight; samples without a stack are a bare number. */
export function foldedOf(svg: string): string[] {
  const { frames } = readSvg(svg);
  const self = selfOf(frames);
  const lines: string[] = [];
  for (let i = 0; i < frames.length; i++) {
    if (self[i] === 0) continue;
    const names: string[] = [];
    for (let j = i; j > 0; j = frames[j]!.parent) names.push(frames[j]!.name);
    lines.push([...(names.length > 0 ? [names.reverse().join(';')] : []), self[i]].join(' '));
  }
  return lines;
}
