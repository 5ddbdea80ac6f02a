import { expect, test } from 'vitest'
import { markPureCalls } from '../../scripts/pure-calls.js'

const mark = (code: string) => markPureCalls('a.ts', code)

test('markPureCalls marks the call that makes a constant', () => {
  expect(mark('const a = make(1)\nexport const b = new Map()')).toBe(
    'const a = /* @__PURE__ */ make(1)\nexport const b = /* @__PURE__ */ new Map()',
  )
})

test('markPureCalls makes one call of several', () => {
  expect(mark('const a = [make(1), ...make(2)]')).toBe(
    'const a = /* @__PURE__ */ (() => ([make(1), ...make(2)]))()',
  )
})

test('markPureCalls takes a spread for a call, for it may call a getter', () => {
  expect(mark('const a = { ...b, c: 1 }')).toBe(
    'const a = /* @__PURE__ */ (() => ({ ...b, c: 1 }))()',
  )
})

test('markPureCalls takes a property that is read and a value in a template for calls', () => {
  expect(mark('const a = { b: Number.isFinite }')).toBe(
    'const a = /* @__PURE__ */ (() => ({ b: Number.isFinite }))()',
  )
  expect(mark('const a = `up to $' + '{b}`')).toBe(
    'const a = /* @__PURE__ */ (() => (`up to $' + '{b}`))()',
  )
})

test('markPureCalls takes a sum for a call', () => {
  expect(mark('const a = b + 1')).toBe('const a = /* @__PURE__ */ (() => (b + 1))()')
})

test('markPureCalls takes a pattern apart, which reads properties or asks an iterator', () => {
  expect(mark('const { a, b: [c] } = d, e = 1')).toBe(
    'const taken0 = d, ' +
      'a = /* @__PURE__ */ (() => { const { a, b: [c] } = taken0; return a })(), ' +
      'c = /* @__PURE__ */ (() => { const { a, b: [c] } = taken0; return c })(), e = 1',
  )
  expect(mark('const [a] = make()')).toBe(
    'const taken1 = /* @__PURE__ */ make(), ' +
      'a = /* @__PURE__ */ (() => { const [a] = taken1; return a })()',
  )
})

test('markPureCalls leaves values and the calls inside functions alone', () => {
  const code = 'const a = 1\nconst f = () => make(a)\nfunction g() { const b = make(a); return b }'
  expect(mark(code)).toBe(code)
})

test('markPureCalls refuses a statement that has an effect when the module loads', () => {
  expect(() => mark('register(1)')).toThrow(
    new Error('Cannot build a.ts: expected no effect, got register(1)'),
  )
})
