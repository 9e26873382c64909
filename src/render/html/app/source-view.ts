import { plural } from '../../../plural.ts';
import { groupTotals } from '../../../profile/group-totals.ts';
import type { SourceText } from '../../../profile/source-text.ts';
import { formatPercent, formatValue, groupDigits } from '../../../profile/units.ts';
import { selfWeights, subtreeWeights } from '../../../profile/weights.ts';
import { visibleText } from '../../escape.ts';

import { button, element, named, share } from './dom.ts';
import type { Store } from './store.ts';

/** Weights of the lines of one file. */
type LineWeights = ReadonlyMap<number, { readonly self: number; readonly total: number }>;

/** Source files with the weight of their lines: as exact as the frames' own lines are. */
export class SourceView {
  readonly host: HTMLElement;
  private readonly store: Store;
  private readonly list = element('div', { class: 'files', role: 'listbox', 'aria-label': 'Source files' });
  private readonly code = element('div', { class: 'code', tabindex: 0 });
  private shown: SourceText | undefined;
  private weights: ReadonlyMap<string, LineWeights> = new Map();

  constructor(store: Store) {
    this.store = store;
    this.host = element('div', { class: 'source-view' }, this.list, this.code);
  }

  has(file: string): boolean {
    return this.store.data.summary.sources.some((source) => source.file === file);
  }

  /** Shows a file, and a line of it in the middle. */
  open(file: string, line: number): void {
    this.shown = this.store.data.summary.sources.find((source) => source.file === file);
    this.update();
    this.code.querySelector(`[data-line="${line}"]`)?.scrollIntoView({ block: 'center' });
  }

  update(): void {
    const { sources } = this.store.data.summary;
    this.weights = lineWeights(this.store, new Set(sources.map(({ file }) => file)));
    const selfOf = (source: SourceText): number =>
      sum([...(this.weights.get(source.file)?.values() ?? [])].map(({ self }) => self));
    const heaviest = sources.map((source) => ({ source, self: selfOf(source) })).sort((a, b) => b.self - a.self);
    this.shown ??= heaviest[0]?.source;
    const whole = this.store.total();
    this.list.replaceChildren(
      ...heaviest.map(({ source, self }) => {
        const name = source.file.slice(source.file.lastIndexOf('/') + 1);
        const entry = button(
          {
            role: 'option',
            class: 'file',
            title: visibleText(source.file),
            'aria-selected': source === this.shown ? 'true' : 'false',
          },
          '',
          () => {
            this.shown = source;
            this.update();
          },
        );
        entry.append(named('span', 'name', name), element('span', { class: 'percent' }, formatPercent(self, whole, 1)));
        return entry;
      }),
    );
    this.drawCode();
  }

  private drawCode(): void {
    const source = this.shown;
    if (source === undefined) return;
    const weights = this.weights.get(source.file) ?? new Map();
    const rows: Node[] = [
      element(
        'div',
        { class: 'code-head' },
        named('code', 'path', source.file),
        element('span', { class: 'muted' }, linesSaid(source)),
      ),
    ];
    rows.push(
      element(
        'div',
        { class: 'hint muted' },
        'Weights stand on the lines that frames name; those of JavaScript on the line where the function starts.',
      ),
    );
    if (source.changed) {
      rows.push(
        element('div', { class: 'warn' }, 'This file was written to after the recording: lines may have moved.'),
      );
    }
    rows.push(
      element(
        'div',
        { class: 'line line-head' },
        ...['Self', 'Total', 'Line', ''].map((text) => element('span', {}, text)),
      ),
    );
    let next = 1;
    for (const { from, lines } of source.parts) {
      if (from > next) rows.push(element('div', { class: 'gap' }, `⋯ lines ${next} to ${from - 1}`));
      lines.forEach((text, i) => {
        rows.push(this.line(from + i, text, weights.get(from + i)));
      });
      next = from + lines.length;
    }
    if (next <= source.length) rows.push(element('div', { class: 'gap' }, `⋯ lines ${next} to ${source.length}`));
    this.code.replaceChildren(...rows);
  }

  private line(number: number, text: string, weight: { self: number; total: number } | undefined): HTMLElement {
    const whole = this.store.total();
    const { unit } = this.store.valueType;
    const cell = (value: number | undefined): HTMLElement =>
      value === undefined || value === 0
        ? element('span', { class: 'weight' })
        : element(
            'span',
            { class: 'weight', title: formatPercent(value, whole) },
            share(value / whole),
            formatValue(value, unit),
          );
    const made = element(
      'div',
      { class: weight === undefined ? 'line' : 'line hot', 'data-line': number },
      cell(weight?.self),
      cell(weight?.total),
      element('span', { class: 'number' }, String(number)),
      element('code', {}, visibleText(text.replaceAll('\t', '    '))),
    );
    if (weight !== undefined) made.style.setProperty('--hot', String(Math.min(1, weight.total / whole)));
    return made;
  }
}

function linesSaid({ parts, length }: SourceText): string {
  const shown = sum(parts.map(({ lines }) => lines.length));
  const lines = `${groupDigits(length)} ${plural(length, 'line')}`;
  return shown === length ? lines : `${groupDigits(shown)} of ${lines}`;
}

function lineWeights(store: Store, files: ReadonlySet<string>): Map<string, LineWeights> {
  const profile = store.profile();
  const { frames, strings, stacks } = profile;
  const groups = new Map<string, number>([['', 0]]);
  const places: { file: string; line: number }[] = [{ file: '', line: 0 }];
  const groupOf = Int32Array.from({ length: frames.length }, (_, frame) => {
    const file = strings[frames.file[frame]!]!;
    const line = frames.line[frame]!;
    if (line === 0 || !files.has(file)) return 0;
    const key = `${line} ${file}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = places.push({ file, line }) - 1;
      groups.set(key, group);
    }
    return group;
  });
  const stackSelf = selfWeights(profile);
  const total = groupTotals(stacks, groupOf, subtreeWeights(stacks.parent, stackSelf), places.length);
  const self = new Float64Array(places.length);
  for (let stack = 0; stack < stacks.length; stack++) self[groupOf[stacks.frame[stack]!]!]! += stackSelf[stack]!;
  const weights = new Map<string, Map<number, { self: number; total: number }>>();
  places.forEach(({ file, line }, group) => {
    if (file === '' || total[group] === 0) return;
    let lines = weights.get(file);
    if (lines === undefined) {
      lines = new Map();
      weights.set(file, lines);
    }
    lines.set(line, { self: self[group]!, total: total[group]! });
  });
  return weights;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
