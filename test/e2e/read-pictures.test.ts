import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { embeddedElement } from '../../src/embedded/element.ts';
import { profileOf } from '../profile/profile-of.ts';
import { root, runCli, workFolder } from './run-cli.ts';

const fixture = (name: string): string => join(root, 'fixtures', name);
const folded = async (...args: string[]): Promise<string> => {
  const { stdout, code } = await runCli(['convert', '-q', '--format', 'folded', ...args]);
  expect(code).toBe(0);
  return stdout;
};

describe('a picture is as good as the recording that it was drawn of', () => {
  const cwd = workFolder();
  const recordings = ['perf-script/threads.txt', 'cpuprofile/node.cpuprofile', 'perf-script/two-events.txt'];

  test.each(
    recordings.flatMap((name) => [
      [name, []] as const,
      ...(name === recordings[0] ? [[name, ['--classic']] as const, [name, ['--pids']] as const] : []),
      [name, ['--reverse', '--min-width', '30']] as const,
    ]),
  )('%s %j: convert, report and flame say the same of both', async (name, options) => {
    const picture = join(cwd, 'picture.svg');
    expect((await runCli(['flame', '-q', ...options, '-o', picture, fixture(name)])).code).toBe(0);
    expect(await folded(picture)).toBe(await folded(fixture(name)));
    expect(await folded('--tids', '--kernel', picture)).toBe(await folded('--tids', '--kernel', fixture(name)));
    const reportOf = async (file: string) => JSON.parse((await runCli(['report', '--json', file])).stdout);
    const [ours, theirs] = [await reportOf(picture), await reportOf(fixture(name))];
    expect({ ...ours, format: '', samples: 0 }).toEqual({ ...theirs, format: '', samples: 0 });
    // Drawn again it is the same, but for what says how many rows of samples there are
    const draw = async (file: string) =>
      (await runCli(['flame', '-q', '--classic', '--no-embed', ...options, '-o', '-', file])).stdout;
    const plain = (svg: string): string => svg.replace(/[\d,]+ samples?/g, '');
    expect(plain(await draw(picture))).toBe(plain(await draw(fixture(name))));
  });

  test('what --skip-after left out does not come back, the name of the thread included', async () => {
    const picture = join(cwd, 'after.svg');
    const options = ['--skip-after', 'node::Start', '--kernel', fixture('perf-script/node.txt')];
    await runCli(['flame', '-q', '-o', picture, ...options]);
    expect(await folded(picture)).toBe(await folded(...options));
    expect(await folded(picture)).toMatch(/^node::Start;/m);
  });

  test('what somebody left out of the picture is not hidden in it', async () => {
    const picture = join(cwd, 'part.svg');
    await runCli(['flame', '-q', '--ignore', '^secret', '--skip-after', 'login', '-o', picture, '-'], {
      stdin: 'main;secretKey 5\nmain;login;password 3\nmain;work 4\n',
    });
    expect(await folded(picture)).toBe('login;password 3\nmain;work 4\n');
  });
});

describe('--no-embed', () => {
  test('says so in the picture and to the person; what is drawn is read', async () => {
    const cwd = workFolder();
    const stdin = 'main;a 3\nmain;b 4\n';
    const { stderr } = await runCli(['flame', '--classic', '--no-embed', '-o', 'x.svg', '-'], { cwd, stdin });
    expect(stderr).toContain('note: --no-embed: the picture is all that can be read back');
    const svg = readFileSync(join(cwd, 'x.svg'), 'utf8');
    expect(svg).not.toContain('pforge-prof-profile');
    expect(svg).toContain('without the profile (--no-embed)');
    expect(await folded(join(cwd, 'x.svg'))).toBe(stdin);
  });
});

describe('--side', () => {
  const cwd = workFolder();
  beforeAll(() => {
    const blocks = [
      ...embeddedElement(profileOf('main;a 3\nmain;b 4\n'), 'before'),
      ...embeddedElement(profileOf('main;a 5\nmain;c 1\n'), 'after'),
    ];
    writeFileSync(
      join(cwd, 'diff.svg'),
      `<svg xmlns="http://www.w3.org/2000/svg" class="pforge-flame">${blocks.join('')}</svg>`,
    );
  });

  test('before and after; after where nobody says, with a note', async () => {
    expect(await folded('--side', 'before', join(cwd, 'diff.svg'))).toBe('main;a 3\nmain;b 4\n');
    expect(await folded('--side', 'after', join(cwd, 'diff.svg'))).toBe('main;a 5\nmain;c 1\n');
    const { stdout, stderr } = await runCli(['convert', join(cwd, 'diff.svg')]);
    expect(stdout).toBe('main;a 5\nmain;c 1\n');
    expect(stderr).toContain('--side before reads the other');
    const { stdout: report } = await runCli(['report', '--json', '--side', 'before', join(cwd, 'diff.svg')]);
    expect(JSON.parse(report).weight.total).toBe(7);
  });

  test('of an input without sides is refused in one line', async () => {
    const { stderr, code } = await runCli(['convert', '--side', 'before', fixture('cpuprofile/node.cpuprofile')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /is one profile \(cpuprofile\): it has no before side; leave --side out; it is for .*flame-svg/,
    );
  });
});

test('an SVG that is no flame graph gets one clear line', async () => {
  const { stderr, code } = await runCli(['convert', '-'], {
    stdin: '<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>',
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^pforge-prof: error: standard input: this is an SVG but no flame graph: /);
  expect(stderr.trim().split('\n').length).toBe(1);
});
