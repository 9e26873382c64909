import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import { root } from '../e2e/run-cli.ts';

const docs = readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []));
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

/** What headings are called in links, as GitHub makes it. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('links between pages lead somewhere', () => {
  const broken: string[] = [];
  for (const page of ['README.md', 'CONTRIBUTING.md', ...docs]) {
    for (const [, target, anchor] of textOf(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const file = target === '' ? page : join(dirname(page), target!);
      const isThere = existsSync(join(root, file));
      if (!isThere || (anchor !== undefined && !anchorsOf(file).includes(anchor)))
        broken.push(`${page}: ${target}${anchor === undefined ? '' : `#${anchor}`}`);
    }
  }
  expect(broken).toEqual([]);
});

test('README.md links every page, and has an example of every command', () => {
  const readme = textOf('README.md');
  expect(docs.filter((page) => !readme.includes(`(${page})`))).toEqual([]);
  const shown = [...readme.matchAll(/^\| .*\| `pforge-prof (\S+)[^|]*` \|$/gm)].map(([, name]) => name);
  expect(shown.sort()).toEqual(commands.map(({ name }) => name).sort());
});

test('docs/architecture.md has a row for every room', () => {
  const table = textOf('docs/architecture.md');
  const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? `src/${entry.name}/` : `src/${entry.name}`,
  );
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  const missing = rooms.filter((room) => !rows.some((row) => row.split('|')[1]!.includes(`\`${room}`)));
  expect(missing).toEqual(['src/errors.ts', 'src/plural.ts']);
});
