/** log gamma(x) for x > 0, to about 1e-15 of its size: Stirling's series from 16 on. */
function logGamma(x: number): number {
  let product = 1
  let at = x
  for (; at < 16; at++) product *= at
  const square = 1 / (at * at)
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - square / 1680) * square) * square) / at
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}

/** The continued fraction of the incomplete beta function, by the way of Lentz. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let below = 1 / away(1 - ((a + b) * x) / (a + 1))
  let above = 1
  let fraction = below
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let step = 1
    for (const term of [even, odd]) {
      below = 1 / away(1 + term * below)
      above = away(1 + term / above)
      step = below * above
      fraction *= step
    }
    if (Math.abs(step - 1) < 1e-15) break
  }
  return fraction
}

/** The regularised incomplete beta function I_x(a, b); `rest` is 1 - x, which may be tiny. */
function incompleteBeta(x: number, rest: number, [a, b]: readonly [number, number]): number {
  if (x <= 0) return 0
  if (rest <= 0) return 1
  const logs = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(rest)
  return x < (a + 1) / (a + b + 2)
    ? (Math.exp(logs) * betaFraction(x, a, b)) / a
    : 1 - (Math.exp(logs) * betaFraction(rest, b, a)) / b
}

/**
 * P(|T| >= |statistic|) of Student's t with these degrees of freedom, which need not be whole: the
 * two-sided p-value, to about 1e-10 of its size for up to 10,000 degrees.
 */
export function studentPValue(statistic: number, degreesOfFreedom: number): number {
  const square = statistic * statistic
  if (square === Number.POSITIVE_INFINITY) return 0
  const sum = degreesOfFreedom + square
  return incompleteBeta(degreesOfFreedom / sum, square / sum, [degreesOfFreedom / 2, 0.5])
}

/** The t > 0 with P(|T| <= t) = confidence, by halving. */
export function studentQuantile(confidence: number, degreesOfFreedom: number): number {
  let [low, high] = [0, 1]
  while (studentPValue(high, degreesOfFreedom) > 1 - confidence) high *= 2
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2
    if (studentPValue(middle, degreesOfFreedom) > 1 - confidence) low = middle
    else high = middle
  }
  return (low + high) / 2
}
