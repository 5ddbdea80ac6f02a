/** sqrt(2 pi) */
const SQRT_TWO_PI = 2.5066282746310002

/** Standard normal density, with z^2 split so that its rounding does not grow with |z|. */
function normalDensity(z: number): number {
  if (Math.abs(z) > 40) return 0 // below the smallest float64
  const high = Math.fround(z) // its square is exact
  return (Math.exp(-0.5 * high * high) * Math.exp(-0.5 * (z - high) * (z + high))) / SQRT_TWO_PI
}

/** P(0 < Z <= z) for small |z|: density(z) (z + z^3 / 3 + z^5 / (3 5) + ...). */
function fromCentre(z: number): number {
  let term = z
  let sum = z
  for (let odd = 3; Math.abs(term) > Number.EPSILON * 1e-2 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return normalDensity(z) * sum
}

/**
 * P(Z > z) = density(z) / hazard(z) for z >= 1, by the continued fraction z + 1 / (z + 2 / (z + 3 /
 * ...)).
 */
function hazard(z: number): number {
  let fraction = z
  for (let k = Math.ceil(20 + 300 / (z * z)); k >= 1; k--) fraction = z + k / fraction
  return fraction
}

function upperTail(z: number): number {
  return normalDensity(z) / hazard(z)
}

/** Standard normal distribution function P(Z <= z), to about 1e-14 relative in both tails. */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN
  if (Math.abs(z) < 1) return 0.5 + fromCentre(z)
  return z < 0 ? upperTail(-z) : 1 - upperTail(z)
}

/**
 * The z with P(Z <= z) = p, to about 1e-14 relative; p = 0 and 1 give -Infinity and Infinity,
 * others outside: NaN.
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return 0 - normalQuantile(1 - p)
  if (p === 0) return Number.NEGATIVE_INFINITY
  if (p === 0.5 || !(p > 0)) return p === 0.5 ? 0 : Number.NaN
  return p > 0.25 ? -centralQuantile(0.5 - p) : tailQuantile(p)
}

/**
 * The z > 0 with P(0 < Z <= z) = q. That is concave in z, so Newton's steps rise to it from below.
 */
function centralQuantile(q: number): number {
  let z = q * SQRT_TWO_PI
  for (let steps = 0; steps < 30; steps++) {
    const step = (q - fromCentre(z)) / normalDensity(z)
    z += step
    if (!(Math.abs(step) > 1e-15 * z)) break
  }
  return z
}

/**
 * The z < 0 with P(Z <= z) = p. The logarithm of that is concave in z, so Newton's steps rise to it
 * from below.
 */
function tailQuantile(p: number): number {
  let z = -Math.sqrt(-2 * Math.log(p))
  for (let steps = 0; steps < 30; steps++) {
    const step = p < 1e-280 ? farStep(p, z) : nearStep(p, z)
    z += step
    if (!(Math.abs(step) > 1e-15 * -z)) break
  }
  return z
}

function nearStep(p: number, z: number): number {
  const cdf = normalCdf(z)
  // log(p / cdf) without the rounding of the quotient near 1
  return (Math.log1p((p - cdf) / cdf) * cdf) / normalDensity(z)
}

/** By logarithms alone: near the smallest float64 the tail itself has few digits, or none. */
function farStep(p: number, z: number): number {
  const rate = hazard(-z)
  return (Math.log(p) + 0.5 * z * z + Math.log(SQRT_TWO_PI * rate)) / rate
}
