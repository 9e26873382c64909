import { expect, test } from 'vitest';
import { type Annotation, annotate } from '../../src/profile/annotate.ts';
import { linesOf, profileOf } from './profile-of.ts';

const all: ReadonlySet<Annotation> = new Set(['k', 'j', 'i']);

test('kernel, JIT and inlined frames get the suffixes of stackcollapse-perf.pl', () => {
  const profile = profileOf`
    main{app};sys_read{kernel,module=[kernel.kallsyms]};copy{inlined} 1
    main{app};gettime{native,module=[vdso]} 2
    main{app};Interpreter{jit,module=/tmp/perf-12.map} 4
    main{app};run /a/b.js:1:2{app,module=/tmp/perf-12.map} 8
    main{app};gen{native,module=/home/me/.debug/jit/jitted-12-3.so} 16
  `;
  expect(linesOf(annotate(profile, all, 'label'))).toEqual([
    'main;sys_read_[k];copy_[i] 1',
    'main;gettime_[k] 2',
    'main;Interpreter_[j] 4',
    'main;run /a/b.js:1:2_[j] 8',
    'main;gen_[j] 16',
  ]);
  expect(linesOf(annotate(profile, new Set(['k'])))[0]).toBe('main;sys_read_[k];copy 1');
});

test('in the name, the place in the source stays', () => {
  const { frames, strings } = annotate(profileOf`run /a/b.js:1:2{jit} 1`, all);
  expect([strings[frames.name[0]!], strings[frames.file[0]!], frames.line[0], frames.column[0]]).toEqual([
    'run_[j]',
    '/a/b.js',
    1,
    2,
  ]);
});

test('a frame without a name, and one that has its suffix', () => {
  expect(linesOf(annotate(profileOf`{kernel} 1`, all))).toEqual(['[unknown]_[k] 1']);
  expect(linesOf(annotate(profileOf`f_[k]{kernel} 1`, all))).toEqual(['f_[k] 1']);
});
