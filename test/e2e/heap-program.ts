import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workFolder } from './run-cli.ts';

/** A folder of its own with a program `app.js`. */
export function program(source: string): { readonly cwd: string } {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'app.js'), source);
  return { cwd };
}
