import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, workFolder } from './e2e/run-cli.ts';

test('the package is a library: read, look, draw, as the README shows', () => {
  const folder = workFolder();
  writeFileSync(join(folder, 'x.folded'), 'main;parse 30\nmain;render 70\n');
  const script = `
    import { readProfile, renderFlameHtml, renderFlameSvg, top } from 'pforge-prof';
    const profile = await readProfile(${JSON.stringify(join(folder, 'x.folded'))});
    console.log(JSON.stringify(top(profile).map(({ name, self, total }) => [name, self, total])));
    console.log(renderFlameSvg(profile, { title: 'before' }).includes('before'));
    console.log(renderFlameHtml(profile, { title: 'after' }).includes('<title>after</title>'));
  `;
  // A package may import itself by its name.
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(printed).toBe('[["render",70,70],["parse",30,30],["main",0,100]]\ntrue\ntrue\n');
});
