// Small kernels in WebAssembly, for the loops where it is several times as fast as JavaScript.
import { Buffer } from 'node:buffer';

// The part of the global `WebAssembly` that is used; Node's types do not declare it.
interface WebAssemblyGlobal {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/**
 * What a module in base64 exports, made at once; `undefined` where WebAssembly or an instruction that the module
 * needs is missing. The caller says the type of the exports, as it made the module.
 */
export function instantiateKernel<Exports>(module: string): Exports | undefined {
  const wasm = Reflect.get(globalThis, 'WebAssembly') as WebAssemblyGlobal | undefined;
  if (!wasm) return undefined;
  try {
    return new wasm.Instance(new wasm.Module(Buffer.from(module, 'base64'))).exports as Exports;
  } catch {
    return undefined;
  }
}
