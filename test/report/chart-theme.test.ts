import { expect, test } from 'vitest'
import { themes } from '../../src/report/charts/chart-theme.js'

type Triple = readonly [number, number, number]

/**
 * Colours as people without one of the three kinds of cones see them, on linear RGB: Machado,
 * Oliveira, Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency,
 * IEEE TVCG 2009, severity 1.
 */
const SIGHTS: Readonly<Record<string, readonly Triple[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

const linear = (colour: string) =>
  [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as unknown as Triple

const times = (rows: readonly Triple[], [r, g, b]: Triple) =>
  rows.map((row) => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b)))

/** CIE 1976 L*a*b*, white of D65. */
function lab([r = 0, g = 0, b = 0]: readonly number[]): Triple {
  const [x, y, z] = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
  ].map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)) as unknown as Triple
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

const seen = (colour: string, sight: readonly Triple[]) => lab(times(sight, linear(colour)))

test.each(['light', 'dark'] as const)(
  'themes: each two series of a %s page differ, whichever cones an eye has',
  (theme) => {
    const { series } = themes[theme]
    for (const [name, sight] of Object.entries(SIGHTS)) {
      for (const [i, one] of series.entries()) {
        for (const other of series.slice(0, i)) {
          const distance = Math.hypot(
            ...seen(one, sight).map((part, k) => part - seen(other, sight)[k]!),
          )
          expect(distance, `${one} and ${other}, ${name}`).toBeGreaterThan(10)
        }
      }
    }
  },
)
