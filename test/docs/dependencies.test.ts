import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../e2e/run-cli.ts';

const [bundled, others] = readFileSync(join(root, 'docs/dependencies.md'), 'utf8')
  .split('\n## To build and to test it\n')
  .map((part) =>
    part
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)),
  ) as [string[], string[]];
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

test('docs/dependencies.md names every dependency, and no other', () => {
  expect([...bundled, ...others].sort()).toEqual(Object.keys(manifest.devDependencies).sort());
});

test('what it says is bundled is in the bundles', () => {
  const licences = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.md'), 'utf8');
  const there = Object.keys(manifest.devDependencies).filter((name) => licences.includes(`\n## ${name}\n`));
  expect(there.sort()).toEqual(bundled.sort());
});
