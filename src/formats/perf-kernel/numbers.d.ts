// The number types of AssemblyScript: kernel.ts is compiled both to WebAssembly and to JavaScript.
declare type i32 = number;
declare type f64 = number;
declare type bool = boolean;
