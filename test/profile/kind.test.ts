import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jsKind, labelKind, nativeKind } from '../../src/profile/kind.ts';
import type { Kind } from '../../src/profile/profile.ts';

describe('jsKind', () => {
  test.each<[string, Kind]>([
    ['', 'builtin'],
    ['native array.js', 'builtin'],
    ['extensions::runtime', 'builtin'],
    ['node:fs', 'runtime'],
    ['node:internal/modules/cjs/loader', 'runtime'],
    ['internal/timers.js', 'runtime'],
    ['events.js', 'runtime'],
    ['_http_server.js', 'runtime'],
    ['_stream_readable.js', 'runtime'],
    ['bootstrap_node.js', 'runtime'],
    ['server.js', 'app'],
    ['/app/internal/events.js', 'app'],
    ['/app/src/a.js', 'app'],
    ['file:///app/src/a.mjs', 'app'],
    ['https://example.org/app.js', 'app'],
    ['[eval]', 'app'],
    ['/app/node_modules/koa/lib/response.js', 'dependency'],
    ['file:///app/node_modules/koa/lib/response.js', 'dependency'],
    ['node_modules/koa/index.js', 'dependency'],
    ['webpack:///./node_modules/react/index.js', 'dependency'],
    ['/app/my_node_modules/a.js', 'app'],
    ['wasm://wasm/00ab12', 'wasm'],
    ['wasm://wasm/node_modules/x', 'wasm'],
    ['file:///app/lib.wasm', 'wasm'],
  ])('%s is %s', (url, kind) => {
    expect(jsKind(url)).toBe(kind);
  });
});

describe('nativeKind', () => {
  test.each<[string, string, Kind]>([
    ['do_syscall_64', '[kernel.kallsyms]', 'kernel'],
    ['[unknown]', '[kernel.kallsyms]', 'kernel'],
    ['do_syscall_64', '[kernel.kallsyms]_text', 'kernel'],
    ['kvm_run', '[guest.kernel.kallsyms.12]', 'kernel'],
    ['schedule', '[kernel]', 'kernel'],
    ['schedule', '/usr/lib/debug/boot/vmlinux-6.1.0', 'kernel'],
    ['schedule', '/lib/modules/4.13.0-rc1/build/vmlinux', 'kernel'],
    ['ext4_read', '/lib/modules/6.1/kernel/fs/ext4/ext4.ko.xz', 'kernel'],
    ['ext4_read', '[ext4]', 'kernel'],
    ['nf_hook', '[nf_conn]', 'kernel'],
    ['bpf_prog_6deef7357e7b4530_sd_fw_egress', 'bpf_prog_6deef7357e7b4530_sd_fw_egress', 'kernel'],
    ['__vdso_clock_gettime', '[vdso]', 'native'],
    ['[unknown]', '[vsyscall]', 'native'],
    ['[unknown]', '[unknown]', 'unknown'],
    ['[unknown]', '', 'unknown'],
    ['', '', 'unknown'],
    ['f', '[unknown]', 'native'],
    ['[unknown]', '/lib/x86_64-linux-gnu/libc.so.6', 'native'],
    ['malloc', '/lib/x86_64-linux-gnu/libc.so.6', 'native'],
    ['malloc', '/lib/x86_64-linux-gnu/libc-2.27.so', 'native'],
    ['f', '/home/me/libmine.so.1.2 (deleted)', 'native'],
    ['g', '/opt/node/bin/node', 'native'],
    ['g', 'node', 'native'],
    ['dd', '/bin/dd', 'native'],
    ['perf', '/usr/lib/linux-tools-3.13.0-44/perf', 'native'],
    ['x', '/usr/sbin/nginx', 'native'],
    ['main', '/home/me/target/debug/emulator', 'app'],
    ['main', './prog', 'app'],
    ['main', '/srv/prog (deleted)', 'app'],
    ['main', '/home/me/prog.software', 'app'],
    ['f', 'inlined', 'inlined'],
    ['JS:*f /a.js:1:2', '/tmp/perf-3236.map', 'jit'],
    ['[unknown]', '/tmp/perf-3236.map', 'jit'],
    ['Lorg/x;::f', '/tmp/jitted-31714-4145673320.so', 'jit'],
    ['[unknown]', '//anon', 'jit'],
    ['f', '[JIT] tid 12', 'jit'],
    ['f', '/memfd:doublemapper (deleted)', 'jit'],
    ['Builtins_ArrayMap', '/usr/bin/node', 'builtin'],
    ['Builtin:ArrayMap', '/tmp/perf-1.map', 'builtin'],
    ['BytecodeHandler:LdaSmi', '/tmp/perf-1.map', 'builtin'],
    ['v8::internal::Heap::CollectGarbage(v8::internal::AllocationSpace)', '/usr/bin/node', 'gc'],
    ['v8::internal::Heap::Scavenge()', 'node', 'gc'],
    ['v8::internal::ScavengerCollector::JobTask::Run(v8::JobDelegate*)', 'node', 'gc'],
    ['v8::internal::(anonymous namespace)::MarkCompactThing::Do()', 'node', 'gc'],
    ['void v8::internal::LiveObjectVisitor::VisitMarkedObjects', 'node', 'native'],
    ['v8::internal::ConcurrentMarking::RunMajor', '/opt/electron/libnode.so', 'gc'],
    ['v8::internal::MarkingVisitorBase<v8::internal::X, v8::internal::Y>::VisitPointers', 'node', 'gc'],
    ['v8::internal::Sweeper::RawSweep', 'node', 'gc'],
    ['cppgc::internal::Sweeper::SweeperImpl::Finish', 'node', 'gc'],
    ['v8::internal::JsonParser<unsigned char>::ParseJsonValue', 'node', 'native'],
    ['v8::internal::compiler::Scheduler::MarkingPhase', 'node', 'native'],
    ['f(v8::internal::MarkCompactCollector*)', 'node', 'native'],
  ])('%s in %s is %s', (name, module, kind) => {
    expect(nativeKind(name, module)).toBe(kind);
  });

  test('1 MB names', () => {
    for (const unit of ['v8::internal::', 'a::', '(anonymous namespace)::', 'v8::internal::a<', 'x']) {
      const name = unit.repeat(1_000_000 / unit.length);
      expect(nativeKind(name, 'node')).toBe('native');
      expect(labelKind(name)).toBe(name.includes('::') ? 'native' : 'unknown');
    }
  });
});

/** The symbols of the node that runs the tests, if it has any. */
function nodeSymbols(): string[] {
  try {
    const binary = realpathSync(process.execPath);
    return execFileSync('nm', ['-C', '--defined-only', binary], { maxBuffer: 2 ** 30, stdio: 'pipe' })
      .toString()
      .split('\n')
      .map((line) => line.slice(19));
  } catch {
    return [];
  }
}

const symbols = nodeSymbols();
test.skipIf(symbols.length < 1000)('the collectors of a real node are gc, most of its symbols are not', () => {
  const collected = symbols.filter((name) => nativeKind(name, 'node') === 'gc');
  for (const prefix of ['v8::internal::Heap::CollectGarbage', 'v8::internal::Sweeper::', 'v8::internal::Scavenger::']) {
    expect(symbols.some((name) => name.startsWith(prefix))).toBe(true);
    expect(symbols.filter((name) => name.startsWith(prefix) && nativeKind(name, 'node') !== 'gc')).toEqual([]);
  }
  expect(collected.length / symbols.length).toBeLessThan(0.05);
});

describe('labelKind', () => {
  test.each<[string, Kind]>([
    ['do_syscall_64_[k]', 'kernel'],
    ['Lorg/x;::f_[j]', 'jit'],
    ['std::max_[i]', 'inlined'],
    ['f /app/a.js:1:2', 'app'],
    ['f /app/node_modules/x/a.js:1:2', 'dependency'],
    ['f node:fs:1:2', 'runtime'],
    ['f wasm://wasm/ab:1:2', 'wasm'],
    ['f [eval]:1:2', 'app'],
    ['(anonymous) file:///app/a.ts:1:2', 'app'],
    ['main /home/me/src/main.rs:12', 'app'],
    ['std::sort /usr/include/c++/12/bits/stl_algo.h:12', 'native'],
    ['core::iter /rustc/90c5/library/core/src/iter.rs:12', 'native'],
    ['JS:*f /app/a.js:1:2', 'app'],
    ['JS:*toString', 'jit'],
    ['RegExp:[a-z]+', 'jit'],
    ['Builtins_ArrayMap', 'builtin'],
    ['v8::internal::Heap::CollectGarbage', 'gc'],
    ['(garbage collector)', 'gc'],
    ['(program)', 'native'],
    ['(idle)', 'unknown'],
    ['(root)', 'unknown'],
    ['[unknown]', 'unknown'],
    ['', 'unknown'],
    ['[[kernel.kallsyms]]', 'kernel'],
    ['[kernel.kallsyms]', 'kernel'],
    ['[libc.so.6]', 'native'],
    ['[vdso]', 'native'],
    ['[perf-12.map]', 'jit'],
    ['[node]', 'native'],
    ['main', 'unknown'],
    ['__proto__', 'unknown'],
  ])('%s is %s', (label, kind) => {
    expect(labelKind(label)).toBe(kind);
  });
});
