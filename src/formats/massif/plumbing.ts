import type { FrameWords } from '../../profile/builder.ts';

/** C and C++: allocators and containers. Rust: `alloc`, what grows collections, inlined functions that valgrind cannot name. */
const PLUMBING = [
  /^(?:[\w:*& ]+ )?(?:std|__gnu_cxx)::(?:_\w+|\w*alloc\w*|vector|basic_string|deque|list|map|set|multi\w+|unordered_\w+|make_\w+|shared_ptr|unique_ptr)\b/,
  /^(?:operator new|__mmap(?:64)?$|mmap(?:64)?$|__?brk$|brk$|__?sbrk$|sbrk$|UnknownInlinedFun$)/,
  /^(?:(?:grow|try_allocate|allocate|with_capacity|finish_grow|do_reserve|reserve|try_reserve|alloc_guard)(?:_\w+)?)</,
  /^<?(?:alloc|hashbrown)::/,
];
/** The standard library of Rust as valgrind names its files: inlined functions have bare names (`with_capacity_in<u8>`). */
const RUST_LIBRARY = /^(?:\/rustc\/\w+\/)?library\/|^(?:alloc|raw_vec|boxed|slice|to_vec)\.rs$|^src\/raw\/\w+\.rs$/;
/** Who allocates for whoever calls it: Rust's own crates and their hooks, the usual wrappers of malloc, copies of strings. */
const ON_BEHALF =
  /^(?:<*[&[( ]*(?:mut |dyn )?(?:std|core|alloc|hashbrown)::|__(?:rust|rg|rdl)_|(?:x|g_|CRYPTO_|PyMem_|PyObject_|sqlite3_)(?:m|z|c|re)alloc\w*$|(?:__GI_)?(?:x|g_|CRYPTO_|__)?strn?dup$|(?:__GI_+|__libc_|__rtld_)?(?:m|c|re)alloc$)/i;
/** libstdc++'s own headers. */
const CXX_HEADER =
  /^(?:(?:new_allocator|alloc_traits|allocator|allocated_ptr|basic_string|hashtable(?:_policy)?|shared_ptr(?:_base)?|unique_ptr|stl_\w+)\.h|(?:vector|deque|list|basic_string)\.tcc|tuple)$/;

/** Whether a function allocates for whoever calls it, who is the one that wanted the memory. */
export function isPlumbing({ name, file = '' }: FrameWords): boolean {
  const base = file.slice(file.lastIndexOf('/') + 1);
  return (
    ON_BEHALF.test(name) ||
    RUST_LIBRARY.test(file) ||
    CXX_HEADER.test(base) ||
    PLUMBING.some((pattern) => pattern.test(name))
  );
}
