import { assemble } from '../../internal/assembler.js'
import { kernelFunctions } from './code/functions.js'
import { compiledOnce } from './compiled-once.js'

export interface CodeOptions {
  readonly shared: boolean
  readonly relaxed: boolean
}

/**
 * The compiled kernels. Relaxed instructions are left out where the host has none.
 *
 * @throws {Error} If the host has no SIMD or forbids WebAssembly.
 */
export function compiledModule({ shared, relaxed }: CodeOptions): Promise<WebAssembly.Module> {
  const encode = (relaxed: boolean) => assemble(kernelFunctions({ relaxed }), { shared })
  return compiledOnce(`kernels ${shared} ${relaxed}`, () => {
    const wanted = encode(relaxed)
    return relaxed && !WebAssembly.validate(wanted) ? encode(false) : wanted
  })
}
