import { nodeResolve } from '@rollup/plugin-node-resolve'
import { transform } from 'esbuild'
import { rollup } from 'rollup'
import { check, isPackageOfTfjs, PAGES } from './checks.js'

for (const page of Object.keys(PAGES)) {
  const bundle = await rollup({
    input: `pages/${page}.js`,
    external: isPackageOfTfjs,
    plugins: [nodeResolve({ browser: true })],
  })
  const { output } = await bundle.generate({ format: 'es' })
  check('rollup', page, (await transform(output[0].code, { minify: true })).code)
}
