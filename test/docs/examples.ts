import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeCommands } from '../../src/commands/parser.ts';
import { root } from '../e2e/run-cli.ts';

/** A command that a page or a `--help` tells a person to run. */
export interface Example {
  /** `docs/flame.md:12`, `flame --help` */
  readonly place: string;
  /** As a shell takes it. */
  readonly command: string;
}

/** All examples of README.md and docs/, by page. */
export function examplesOfPages(): Map<string, Example[]> {
  const pages = [
    'README.md',
    ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
  ];
  return new Map(pages.map((page) => [page, examplesIn(readFileSync(join(root, page), 'utf8'), page, 4)]));
}

/** All examples of `--help`. */
export async function examplesOfHelp(): Promise<Example[]> {
  const described = await describeCommands();
  return described.flatMap(({ name, epilogue }) => examplesIn(epilogue, `${name} --help`, 2));
}

/**
 * Lines that are set in by so much and call us; what follows two blanks explains them. Lines with `[options]` are usage.
 * In tables, what calls us in the last column.
 */
function examplesIn(text: string, page: string, indent: number): Example[] {
  const start = new RegExp(`^ {${indent}}(?:\\$ )?(?=\\S)`);
  return text.split('\n').flatMap((row, i) => {
    const cell = /\| `(pforge-prof .+)` \|$/.exec(row)?.[1];
    const line = cell === undefined ? row : ' '.repeat(indent) + cell;
    if (!start.test(line) || !/(?:^|[|;] | )(?:pforge-prof|diffflame) /.test(line)) return [];
    const command = line.replace(start, '').split(/ {2,}/)[0]!;
    if (
      /^\S+:? .*\bnext:/.test(command) ||
      /\[options\]|\[C\.\.\.\]|\.\.\.|\b(?:BEFORE|BOTH|FILE|URL|PID|SECONDS)\b/.test(command)
    )
      return [];
    return [{ place: `${page}:${i + 1}`, command }];
  });
}
