import { afterEach, describe, expect, it, vi } from 'vitest'
import { createKernels } from '../../../src/sparse/kernels/create-kernels.js'
import { createMemory } from '../../../src/sparse/kernels/memory.js'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.resetModules()
})

describe('createMemory', () => {
  it('createMemory gives places of their own that hold zeros, aligned to 128 bytes', () => {
    const memory = createMemory()
    const lengths = [1, 128, 129, 70_000, 4, 500_000]
    const places = lengths.map((bytes) => {
      const address = memory.reserve(bytes)
      const place = new Uint8Array(memory.buffer, address, bytes)
      expect(place.every((byte) => byte === 0)).toBe(true)
      place.fill(255)
      return address
    })
    expect(places.every((address) => address > 0 && address % 128 === 0)).toBe(true)
    places.forEach((address, i) => {
      expect(places[i + 1] ?? memory.used).toBeGreaterThanOrEqual(address + lengths[i]!)
    })
  })

  it('createMemory keeps kernels and numbers when it grows', async () => {
    const memory = createMemory()
    const { fill } = await createKernels(memory)
    const before = memory.reserve(64)
    fill({ to: before, length: 16, value: 7 })
    const old = memory.buffer
    const after = memory.reserve(10_000_000)
    fill({ to: after + 10_000_000 - 64, length: 16, value: 8 })
    expect(memory.buffer).not.toBe(old)
    expect(new Float32Array(memory.buffer, before, 1)[0]).toBe(7)
    expect(new Float32Array(memory.buffer, after + 10_000_000 - 4, 1)[0]).toBe(8)
  })

  it('createMemory says that the host refuses, and keeps what is there', () => {
    const wanted = /expected 4096\.0 MB of memory.*got a host that refuses; compile for a smaller/
    const memory = createMemory()
    expect(() => memory.reserve(2 ** 32)).toThrow(wanted)
    expect(() => createMemory({ bytes: 2 ** 32 })).toThrow(RangeError)
    vi.spyOn(memory.host, 'grow').mockImplementation(() => {
      throw new RangeError('failed to grow')
    })
    expect(() => memory.reserve(1_000_000)).toThrow(/expected 1\.0 MB of memory/)
    expect(memory.reserve(100)).toBeGreaterThan(0)
  })

  it('createMemory takes what it needs where the host refuses more', () => {
    const memory = createMemory({ bytes: 64 * 65_536 })
    const grow = memory.host.grow.bind(memory.host)
    vi.spyOn(memory.host, 'grow').mockImplementation((pages) => {
      if (pages > 2) throw new RangeError('failed to grow')
      return grow(pages)
    })
    memory.reserve(64 * 65_536)
    expect(memory.reserve(65_536)).toBeGreaterThan(0)
  })

  it('createMemory gives released places again, with zeros', () => {
    const memory = createMemory()
    const kept = memory.reserve(128)
    const start = memory.used
    const released = memory.reserve(100_000)
    new Uint8Array(memory.buffer).fill(7)
    memory.release(start)
    expect(memory.used).toBe(start)
    expect(memory.reserve(100_000)).toBe(released)
    expect(new Uint8Array(memory.buffer, released, 100_000).every((byte) => byte === 0)).toBe(true)
    expect(new Uint8Array(memory.buffer)[kept]).toBe(7)
  })

  it('createMemory refuses to be used once it was disposed of', () => {
    const memory = createMemory()
    memory.dispose()
    memory.dispose()
    expect(memory.used).toBe(0)
    expect(() => memory.reserve(4)).toThrow(/expected it in use, got one disposed of/)
    expect(() => memory.buffer).toThrow(Error)
  })
})

describe('createKernels', () => {
  it('createKernels compiles once for all memories', async () => {
    const compile = vi.spyOn(WebAssembly, 'compile')
    vi.resetModules()
    const fresh = await import('../../../src/sparse/kernels/create-kernels.js')
    await Promise.all(Array.from({ length: 20 }, () => fresh.createKernels(createMemory())))
    expect(compile).toHaveBeenCalledTimes(1)
  })

  it('createKernels names what the host lacks', async () => {
    const fresh = await import('../../../src/sparse/kernels/create-kernels.js')
    const memory = createMemory()
    const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
    await expect(fresh.createKernels(memory)).rejects.toThrow(
      /expected a host with WebAssembly SIMD/,
    )
    validate.mockRestore()
    vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(
      new WebAssembly.CompileError('unsafe-eval'),
    )
    await expect(fresh.createKernels(memory)).rejects.toThrow(
      /expected 'wasm-unsafe-eval' in script-src.*\(unsafe-eval\)/,
    )
    vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(new RangeError('out of memory'))
    await expect(fresh.createKernels(memory)).rejects.toThrow(/MB of memory/)
    expect(await fresh.createKernels(memory)).toHaveProperty('product')
  })

  it('createKernels and createMemory name a host without WebAssembly', async () => {
    const fresh = await import('../../../src/sparse/kernels/create-kernels.js')
    const memory = createMemory()
    vi.stubGlobal('WebAssembly', undefined)
    await expect(fresh.createKernels(memory)).rejects.toThrow(/got one without/)
    expect(() => createMemory()).toThrow(/got one without/)
  })
})
