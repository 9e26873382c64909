import { execFileSync } from 'node:child_process';

/** Tests that spawn the real binary must see today's sources. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
