import { parseFrameLabel } from './frame-label.ts';
import type { Kind } from './profile.ts';

/** Built-in modules of node up to 14, whose scripts had bare names (`fs.js`); from 16 on they are `node:fs`. */
const bareNodeScript = new RegExp(
  `^(?:_?(?:${[
    'assert|async_hooks|bootstrap_node|buffer|child_process|cluster|console|constants|crypto|debug_agent|debugger',
    'dgram|dns|domain|events|fs|http|http2|http_(?:agent|client|common|incoming|outgoing|server)|https|inspector|module',
    'net|node|os|path|perf_hooks|process|punycode|querystring|readline|repl|stream|stream_\\w+|string_decoder|sys',
    'timers|tls|tls_\\w+|trace_events|tty|url|util|v8|vm|wasi|worker_threads|zlib',
  ].join('|')}))\\.js$`,
);

/**
 * The kind of a JavaScript frame by its script's URL as V8 gives it: a path, `file://`, `node:`, `wasm:` or a web URL.
 * '' is a function without a script: a built-in.
 */
export function jsKind(url: string): Kind {
  if (url === '' || /^(?:native |v8\/|extensions::)/.test(url)) return 'builtin';
  if (url.startsWith('wasm:') || url.endsWith('.wasm')) return 'wasm';
  if (/^(?:node:|internal\/|electron\/js2c\/)/.test(url) || bareNodeScript.test(url)) return 'runtime';
  return /(?:^|\/)node_modules\//.test(url) ? 'dependency' : 'app';
}

/** Modules in brackets that are not kernel modules such as `[ext4]`. */
const notKernelModule =
  /^\[(?:vdso|vdso32|vvar|vsyscall|vectors|sigpage|heap|stack|anon|uprobes|unknown|JIT|inlined)\b/;

/**
 * The kind of a machine-code frame.
 * @param name the demangled symbol; '' or `[unknown]` where there is none
 * @param module what perf calls the dso: a path, `[kernel.kallsyms]`, `/tmp/perf-123.map`; '' = unknown
 */
export function nativeKind(name: string, module: string): Kind {
  const binary = knownBinary(module);
  if (binary.kind === 'kernel') return 'kernel';
  if (isV8Builtin(name)) return 'builtin';
  if (binary.kind !== undefined) return binary.kind;
  if (isGarbageCollection(name)) return 'gc';
  if (binary.nowhere) return name === '' || name === '[unknown]' ? 'unknown' : 'native';
  return binary.user ? 'app' : 'native';
}

/** What a module alone says of its frames. */
interface Binary {
  readonly kind: 'kernel' | 'inlined' | 'jit' | undefined;
  readonly nowhere: boolean;
  readonly user: boolean;
}

/** A recording has thousands of symbols for each module. */
const binaries = new Map<string, Binary>();
const MOST_BINARIES = 10_000;

function knownBinary(module: string): Binary {
  let known = binaries.get(module);
  if (known === undefined) {
    const binary = module.replace(/ \(deleted\)$/, '');
    const base = binary.slice(binary.lastIndexOf('/') + 1);
    const jit = () => (isJit(binary, base) ? 'jit' : undefined);
    known = {
      kind: isKernel(binary, base) ? 'kernel' : binary === 'inlined' ? 'inlined' : jit(),
      nowhere: binary === '' || binary === '[unknown]',
      user: isUserProgram(binary, base),
    };
    if (binaries.size === MOST_BINARIES) binaries.clear();
    binaries.set(module, known);
  }
  return known;
}

function isKernel(binary: string, base: string): boolean {
  if (/^\[(?:guest\.)?kernel\b/.test(binary) || /^vmlinux/.test(base)) return true;
  if (/\.ko(?:\.(?:gz|xz|zst|debug))?$/.test(base) || /^bpf_(?:prog|trampoline|dispatcher)_/.test(binary)) return true;
  return /^\[[^[\]]+\]$/.test(binary) && !notKernelModule.test(binary);
}

/** Code that a running process wrote: perf maps, jitdump's objects, executable memory without a file. */
function isJit(binary: string, base: string): boolean {
  return (
    /^perf-\d+\.map$/.test(base) ||
    /^jitted-.*\.so$/.test(base) ||
    /^\[(?:JIT|anon)\b/.test(binary) ||
    /^(?:\/\/anon|\/?memfd:)/.test(binary)
  );
}

/** Seen in the symbols of node 20, 22 and 24: what V8's and cppgc's collectors are called. */
const garbageCollection = new RegExp(
  '\\bv8::internal::(?!compiler|maglev|wasm|interpreter|baseline)(?:\\w+(?:<[^<>]*>)?::)?' +
    '(?:\\w*(?:Scaveng|MarkCompact|MinorMark|Sweep|Marking|Evacuat|Garbage|PointersUpdating|YoungGenerationRoot)|GCTracer)' +
    '|\\bv8::internal::Heap::(?:Iterate|ProcessAllWeak|ProcessWeak|UpdateYoung|ExternalStringTable)' +
    '|\\bcppgc::internal::\\w*(?:Mark|Sweep|Compactor|Garbage)' +
    '|\\bheap::base::(?:Stack|Worklist)\\b',
);

function isGarbageCollection(name: string): boolean {
  // Most names are of no namespace: one look tells that of them
  if (!name.includes('::')) return false;
  if (!name.includes('v8::internal::') && !name.includes('cppgc::') && !name.includes('heap::base::')) return false;
  const qualified = name.replaceAll('(anonymous namespace)::', '');
  const parameters = qualified.indexOf('(');
  return garbageCollection.test(parameters < 0 ? qualified : qualified.slice(0, parameters));
}

/** An executable that is neither node nor the system's. */
function isUserProgram(binary: string, base: string): boolean {
  if (/^(?:node|nodejs|iojs)$/.test(base) || binary.startsWith('[')) return false;
  if (/\.so(?:\.[\w.-]+)?$/.test(base)) return false;
  return !/^\/(?:usr\/)?(?:lib\w*|s?bin)\//.test(binary);
}

/** The script of a JavaScript frame, as opposed to a source file in another language. */
const scriptUrl =
  /^(?:node:|wasm:|\[|evalmachine\.|internal\/|https?:)|\.[mc]?[jt]s(?:\?.*)?$|\.[jt]sx$|\.vue$|\.svelte$/;

/** The root that async-profiler writes for a thread, `[main tid=4711]`: no module. */
export const threadLabel = /^\[.* tid=\d+\]$/;

/**
 * The kind of a frame of which only the label is known, as in folded text: by the annotations of stackcollapse-perf.pl
 * (`_[k]`, `_[j]`, `_[i]`) and async-profiler (also `_[0]` interpreted, `_[1]` C1), V8's own names, a location (see
 * {@link parseFrameLabel}) or a module in brackets, which stackcollapse-perf.pl writes where a symbol is unknown. Names with `::` are native; other words say nothing.
 */
export function labelKind(label: string): Kind {
  const bracket = label.endsWith(']');
  const annotation = bracket ? /_\[([kji01])\]$/.exec(label)?.[1] : undefined;
  if (annotation) return annotation === 'k' ? 'kernel' : annotation === 'i' ? 'inlined' : 'jit';
  if (bracket && threadLabel.test(label)) return 'unknown';
  if (label === '' || label === '[unknown]' || label === '(root)' || label === '(idle)') return 'unknown';
  if (label === '(garbage collector)') return 'gc';
  if (label === '(program)') return 'native';
  const { file } = parseFrameLabel(label);
  if (file !== undefined) {
    if (scriptUrl.test(file)) return jsKind(file);
    return /^\/(?:usr|rustc)\//.test(file) ? 'native' : 'app';
  }
  if (label.includes(':') && /^(?:JS|Script|Eval|Function|LazyCompile|RegExp):(?!:)/.test(label)) return 'jit';
  if (label.startsWith('[')) {
    if (/^\[(?:kernel|vdso|vsyscall)\b/.test(label)) return nativeKind('[unknown]', label);
    const module = bracket ? /^\[(.+)\]$/.exec(label)?.[1] : undefined;
    if (module !== undefined) return nativeKind('[unknown]', module);
  }
  if (isV8Builtin(label)) return 'builtin';
  // A bare word may be a function of any language: only C++ and Rust names show what they are.
  if (!label.includes('::')) return 'unknown';
  return isGarbageCollection(label) ? 'gc' : 'native';
}

function isV8Builtin(name: string): boolean {
  // Nearly all names are told by a look
  if (name.charCodeAt(0) !== 0x42) return false;
  return name.startsWith('Builtins_') || name.startsWith('Builtin:') || name.startsWith('BytecodeHandler:');
}
