import { perfForm, withAbiTags } from './cpp-form.ts';
import { rawDemangled } from './demangler.ts';
import { KeptNames } from './kept-names.ts';
import { plainCppName } from './plain-cpp-name.ts';

const known = new Map<string, string>();
/** Names remembered; more than a profile has. */
const MAX_KNOWN = 1 << 16;

let kept: KeptNames | undefined;

/** From now on names are looked up among those that an earlier run of this user has demangled, and new ones kept. */
export function keepDemangled(env: NodeJS.ProcessEnv): void {
  kept ??= KeptNames.ofUser(env);
}

/**
 * A symbol's name as `perf script` prints it: names of C++ (Itanium ABI) without their parameters, names of Rust (legacy
 * and v0) without hashes. Others, and what cannot be read, stay as they are.
 */
export function demangled(name: string): string {
  if (!/^_*(?:Z|R[A-Z])/.test(name)) return name;
  let readable = known.get(name);
  if (readable === undefined) {
    readable = readableName(name);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, readable);
  }
  return readable;
}

function readableName(name: string): string {
  // `name@VERSION`, `name@@VERSION` in symbol tables of libraries.
  const version = name.indexOf('@');
  const mangled = version === -1 ? name : name.slice(0, version);
  // What LLVM and BOLT add to names of Rust (.llvm.123, .cold, .warm) is not part of them.
  const rust = /^(?:_*R\w+|_*Z[$.\w]*?17h[0-9a-f]{16}E)/.exec(mangled)?.[0];
  const readable =
    (rust === undefined ? plainCppName(mangled) : undefined) ?? keptOr(rust ?? mangled, rust === undefined);
  if (readable === undefined) return name;
  return readable + (version === -1 ? '' : name.slice(version));
}

function keptOr(mangled: string, isCpp: boolean): string | undefined {
  const before = kept?.get(mangled);
  if (before !== undefined) return before;
  const readable = isCpp ? cppName(mangled) : rawDemangled(mangled);
  if (readable !== undefined) kept?.add(mangled, readable);
  return readable;
}

function cppName(mangled: string): string | undefined {
  const raw = rawDemangled(withAbiTags(mangled));
  return raw === undefined ? undefined : perfForm(raw, mangled);
}
