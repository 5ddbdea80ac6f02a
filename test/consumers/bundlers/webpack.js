import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import webpack from 'webpack'
import { check, PAGES } from './checks.js'

const run = (config) =>
  new Promise((done, fail) => {
    webpack(config, (error, stats) => {
      if (error || stats.hasErrors()) fail(error ?? new Error(stats.toString('errors-only')))
      else done(stats)
    })
  })

await run({
  mode: 'production',
  target: ['web', 'es2022'],
  entry: Object.fromEntries(Object.keys(PAGES).map((page) => [page, `./pages/${page}.js`])),
  experiments: { outputModule: true },
  externalsType: 'module',
  externals: /^@tensorflow\//,
  output: { path: resolve('out/webpack'), filename: '[name].js', module: true },
})
for (const page of Object.keys(PAGES))
  check('webpack', page, readFileSync(`out/webpack/${page}.js`, 'utf8'))
