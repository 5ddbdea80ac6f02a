import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { fileHandler } from 'tfjs-prune/files'
import { beforeAll, describe, expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/run-command-line.js'
import { call, saveNetwork, temporaryFolder } from './support.js'

const folder = temporaryFolder()
const at = (name: string) => join(folder, name)
const model = at('model')

const halved = ['prune', model, at('x.tfpr'), '--density', '0.5']

beforeAll(() => saveNetwork(model))

describe('runCommandLine', () => {
  test('runCommandLine prints the outcome alone, as a table or as JSON', async () => {
    const { code, printed, told } = await call('inspect', model)
    expect({ code, told }).toEqual({ code: 0, told: '' })
    expect(printed).toContain('layers model')
    expect(printed).toContain('conv/kernel')
    expect(printed).toContain('Misses were not measured')
    const { parameters } = JSON.parse((await call('inspect', model, '--json')).printed)
    expect(parameters).toBe(658)
  })

  test('runCommandLine takes the options of a command', async () => {
    const words = ['prune', model, at('half.tfpr'), '-d', '0.5', '--global', '--type', 'int8']
    const { code, printed } = await call(...words, '--backend', 'cpu', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(printed)).toMatchObject({ kept: 324, type: 'int8', kind: 'layers model' })
  })

  test('runCommandLine gives 2 and names the command that was meant', async () => {
    const { code, printed, told } = await call('inpsect', model)
    expect({ code, printed }).toEqual({ code: 2, printed: '' })
    expect(told).toContain('Did you mean inspect?')
  })

  test.each([
    ['no words', []],
    ['no model', ['inspect']],
    ['an unknown option', ['inspect', model, '--fast']],
    ['no density', ['prune', model, at('x.tfpr')]],
    ['a density above 1', ['prune', model, at('x.tfpr'), '--density', '10']],
    ['an empty density', ['prune', model, at('x.tfpr'), '--density', '']],
    ['a type of another form', ['compress', model, at('x.tfpr'), '--type', 'uint8']],
    ['an unknown name', [...halved, '--include', 'none']],
    ['an unknown name to leave out', [...halved, '--exclude', 'none']],
    ['an unknown name beside units', [...halved, '--units', '--include', 'none']],
    ['an unknown scheme', ['inspect', 's3://bucket/model.json']],
    ['a URL that is none', ['inspect', 'http://[/']],
    ['a module that is not there', ['sweep', '-m', at('none.js'), '-s', at('rows')]],
    ['an unknown opset', ['onnx', model, at('x.onnx'), '--opset', '12']],
  ])('runCommandLine gives 2 for wrong use: %s', async (_, words) => {
    const { code, printed, told } = await call(...words)
    expect({ code, printed }).toEqual({ code: 2, printed: '' })
    expect(told).not.toBe('')
    expect(existsSync(at('x.tfpr'))).toBe(false)
  })

  test('runCommandLine gives 1 and the remedy for a model that is not there', async () => {
    const { code, printed, told } = await call('inspect', at('nowhere'))
    expect({ code, printed }).toEqual({ code: 1, printed: '' })
    expect(told).toMatch(/^tfjs-prune: Cannot load the model: .*nowhere/)
    expect(told).toContain('Is the path right?')
  })

  test('runCommandLine gives 1 and the remedy for a run that is not there', async () => {
    const { code, told } = await call('report', at('nowhere'), at('x.html'))
    expect(code).toBe(1)
    expect(told).toMatch(/^tfjs-prune: Cannot write the report: .*nowhere/)
    expect(told).toContain('keeps a run in a folder')
  })

  test('runCommandLine gives 1 and names an output that cannot be written', async () => {
    writeFileSync(at('a.file'), 'x')
    const output = join(at('a.file'), 'x.onnx')
    const { code, told } = await call('onnx', model, output)
    expect(code).toBe(1)
    expect(told).toMatch(`tfjs-prune: Cannot write ${output}: expected a folder that takes it`)
  })

  test.each([
    ['onnx', model, at('folder/'), 'expected a file such as model.onnx'],
    ['inspect', at('a.onnx'), '--json', 'name the model that it was made of'],
    ['inspect', at('a.bin'), '--json', 'name the model.json beside it'],
  ])('runCommandLine gives 2 and the remedy for %s of a wrong place', async (...words) => {
    writeFileSync(at('a.onnx'), 'x')
    writeFileSync(at('a.bin'), 'x')
    const remedy = words.pop()!
    const { code, told } = await call(...words)
    expect(code).toBe(2)
    expect(told).toContain(remedy)
    expect(existsSync(at('folder'))).toBe(false)
  })

  test('runCommandLine gives 0 for help, with examples and exit codes', async () => {
    const { code, printed, told } = await call('--help')
    expect({ code, told }).toEqual({ code: 0, told: '' })
    expect(printed).toContain('130 stopped by Ctrl+C')
    expect((await call('prune', '--help')).printed).toContain('$ npx tfjs-prune prune model/')
  })

  test('runCommandLine writes nothing and gives 130 after a signal to stop', async () => {
    const code = await runCommandLine(['compress', model, at('stopped.tfpr')], {
      print: () => {},
      tell: () => {},
      hasColours: false,
      terminal: undefined,
      signal: AbortSignal.abort(new Error('stopped')),
    })
    expect(code).toBe(130)
    expect(existsSync(at('stopped.tfpr'))).toBe(false)
  })

  test('runCommandLine writes an ONNX file', async () => {
    const dense = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] })
    await dense.save(fileHandler(at('dense')))
    dense.dispose()
    const { code, printed, told } = await call('onnx', at('dense'), at('model.onnx'), '--json')
    expect({ code, told }).toEqual({ code: 0, told: '' })
    expect(JSON.parse(printed).after).toBe(statSync(at('model.onnx')).size)
  })

  test('runCommandLine writes a module that runs by itself', async () => {
    const dense = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] })
    await dense.save(fileHandler(at('dense')))
    dense.dispose()
    const { code, printed, told } = await call('wasm', at('dense'), at('model.wasm'), '--json')
    expect({ code, told }).toEqual({ code: 0, told: '' })
    expect(JSON.parse(printed).after).toBe(statSync(at('model.wasm')).size)
    const module = await WebAssembly.compile(readFileSync(at('model.wasm')))
    expect(WebAssembly.Module.imports(module)).toEqual([])
    const again = await call('wasm', at('dense'), at('model.wasm'))
    expect(again.code).toBe(1)
    expect(again.told).toContain('--force')
  })
})
