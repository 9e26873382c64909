import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A repository of two commits that takes git more than a second to compare: the checkout may hold one commit alone.
 * @param folder where it is made
 */
export function slowToCompare(folder: string): string {
  const repository = join(folder, 'repository');
  const git = (...args: readonly string[]): Buffer =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args]);
  execFileSync('git', ['init', '-q', repository]);
  for (const step of [7, 11]) {
    const lines = Array.from({ length: 30011 }, (_, i) => `line ${(i * step) % 30011}\n`);
    writeFileSync(join(repository, 'lines'), lines.join(''));
    git('add', 'lines');
    git('commit', '-q', '-m', `every ${step}th line`);
  }
  return repository;
}
