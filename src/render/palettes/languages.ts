import type { Hue } from './hues.ts';

/** A palette that tells what a function is by its name. */
export interface Language {
  /** What each hue stands for, in the order of the legend. */
  readonly meanings: ReadonlyMap<Hue, string>;
  hueOf(name: string): Hue;
}

const annotation = (name: string): string | undefined => /_\[(.)\]$/s.exec(name)?.[1];

/**
 * The palettes of flamegraph.pl and inferno for programs of several languages. Where the two decide differently (java, js,
 * perl) it is inferno's way; `chain` is flamegraph.pl's alone, `python` and `rust` are inferno's.
 */
export const LANGUAGES = {
  wakeup: { meanings: new Map([['aqua', 'wakeups']]), hueOf: () => 'aqua' },
  chain: {
    meanings: new Map([
      ['blue', 'off-CPU'],
      ['aqua', 'wakers'],
    ]),
    hueOf: (name) => (name.includes('_[w]') ? 'aqua' : 'blue'),
  },
  java: {
    meanings: new Map([
      ['green', 'Java'],
      ['aqua', 'inlined'],
      ['yellow', 'C++'],
      ['orange', 'kernel'],
      ['red', 'system'],
    ]),
    hueOf(name) {
      const mark = annotation(name);
      if (mark === 'k') return 'orange';
      if (mark === 'i') return 'aqua';
      if (mark === 'j') return 'green';
      if (name.includes('::') || name.startsWith('-[') || name.startsWith('+[')) return 'yellow';
      const path = name.startsWith('L') ? name.slice(1) : name;
      const isJava = path.includes('/') || (path.includes('.') && !path.startsWith('[')) || /^[A-Z]/.test(path);
      return isJava ? 'green' : 'red';
    },
  },
  js: {
    meanings: new Map([
      ['green', 'JavaScript'],
      ['purple', 'node_modules'],
      ['aqua', 'builtins'],
      ['yellow', 'C++'],
      ['orange', 'kernel'],
      ['red', 'system'],
    ]),
    hueOf(name) {
      if (name !== '' && name.trim() === '') return 'green';
      if (name.endsWith('_[k]')) return 'orange';
      if (name.endsWith('_[j]')) return name.includes('/') ? 'green' : 'aqua';
      if (name.includes('::')) return 'yellow';
      if (name.includes(':')) return 'aqua';
      const slash = name.indexOf('/');
      if (slash < 0) return 'red';
      if (name.includes('node_modules/', slash)) return 'purple';
      return name.includes('.js', slash) ? 'green' : 'red';
    },
  },
  perl: {
    meanings: new Map([
      ['green', 'Perl'],
      ['yellow', 'C++'],
      ['orange', 'kernel'],
      ['red', 'system'],
    ]),
    hueOf(name) {
      if (name.endsWith('_[k]')) return 'orange';
      if (name.includes('Perl') || name.includes('.pl')) return 'green';
      return name.includes('::') ? 'yellow' : 'red';
    },
  },
  python: {
    meanings: new Map([
      ['red', 'own code'],
      ['aqua', 'site-packages'],
      ['yellow', 'Python itself'],
    ]),
    hueOf(name) {
      const parts = name.split(/[/\\]/);
      if (parts.includes('site-packages')) return 'aqua';
      const isItself =
        parts.some((part) => /^[Pp]ython[\d.]*$/.test(part)) || /^<(?:built-in|method|frozen)/.test(name);
      return isItself ? 'yellow' : 'red';
    },
  },
  rust: {
    meanings: new Map([
      ['aqua', 'Rust'],
      ['orange', 'standard library'],
      ['yellow', 'system'],
    ]),
    hueOf(name) {
      const path = name.slice(name.indexOf('`') + 1);
      const isStandard =
        /^<?(?:core|std|alloc)::/.test(path) && !path.startsWith('<core::future::from_generator::GenFuture<T>');
      if (isStandard) return 'orange';
      return path.includes('::') ? 'aqua' : 'yellow';
    },
  },
} satisfies Readonly<Record<string, Language>>;

export type LanguageId = keyof typeof LANGUAGES;
