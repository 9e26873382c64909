import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeFormat } from '../../../src/commands/flame/write-format.ts';
import { chooseEvent, readChoices } from '../../../src/commands/inputs/collapse-options.ts';
import { readableRustName } from '../../../src/formats/frames/rust-names.ts';
import { readProfile } from '../../../src/formats/registry.ts';
import { FLAMEGRAPH, RESULT_OPTIONS, recordings } from './flamegraph-recordings.ts';

describe.runIf(recordings.length > 0)('stackcollapse-perf.pl', () => {
  /** Both sides without what we write otherwise on purpose: V8's names are split, Java's `L` stays, Rust's are read. */
  function sums(text: string): Map<string, number> {
    const stacks = new Map<string, number>();
    for (const line of text.split('\n')) {
      const cut = line.lastIndexOf(' ');
      if (cut < 0) continue;
      const stack = line
        .slice(0, cut)
        .split(';')
        .map((frame) =>
          readableRustName(frame)
            .replace(/^L(?=\w+\/)/, '')
            .replace(/^(?:(?:LazyCompile|Function|RegExp):|.* (?:\/|evalmachine\.|node\.js:)).*?(_\[j\])?$/, 'JS$1'),
        )
        .join(';');
      stacks.set(stack, (stacks.get(stack) ?? 0) + Number(line.slice(cut + 1)));
    }
    return stacks;
  }

  test.each(
    recordings.flatMap((name) =>
      Object.entries(RESULT_OPTIONS).map(([result, options]) => [name, result, options] as const),
    ),
  )('%s %s', async (name, result, options) => {
    const golden = readFileSync(join(FLAMEGRAPH, 'results', `${name}-collapsed-${result}.txt`), 'utf8');
    const path = join(FLAMEGRAPH, `${name}.txt`);
    const text = readFileSync(path, 'utf8');
    const profile = await readProfile(path, readChoices(options));
    // It weighs by the first event, and loses the last sample where no blank line closes it.
    const first = /:\s*\d*\s+([^\s:]+)(?::\w*)?:\s*$/m.exec(text)?.[1];
    const event = profile.valueTypes.find(({ type }) => type === first)?.type;
    const closed = /\n\s*\n$/.test(text);
    const weighed = chooseEvent(profile, event === undefined ? {} : { eventFilter: event });
    const own = sums(Array.from((await writeFormat('folded', weighed, options)).chunks, String).join(''));
    const theirs = sums(golden);
    const different = [...theirs].filter(([stack, weight]) => own.get(stack) !== weight);
    const more = [...own.keys()].filter((stack) => !theirs.has(stack));
    // Its golden of perf-vertx lost the module of one frame, which is a blank there.
    const blank = different.filter(([stack]) => stack.endsWith('; ')).length;
    expect(more.length).toBeLessThanOrEqual(blank + (closed ? 0 : 1));
    expect(different.length).toBeLessThanOrEqual(blank + (closed ? 0 : 1));
  });
});
