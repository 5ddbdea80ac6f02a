/** P(X <= k) of X ~ Bin(n, p), to about 1e-13 relative, far tails included; 0 below 1e-308. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  if (k < n * p) return Math.exp(logBinomial(k, n, p)) * sumBelow(k, n, p)
  return 1 - Math.exp(logBinomial(k + 1, n, p)) * sumAbove(k + 1, n, p)
}

/** P(X >= k) of X ~ Bin(n, p), to about 1e-13 relative, far tails included; 0 below 1e-308. */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1
  if (k > n) return 0
  if (k > n * p) return Math.exp(logBinomial(k, n, p)) * sumAbove(k, n, p)
  return 1 - Math.exp(logBinomial(k - 1, n, p)) * sumBelow(k - 1, n, p)
}

/**
 * P(X <= k) / P(X = k): 1 + the products of the ratios P(X = i - 1) / P(X = i) = i (1 - p) / ((n -
 * i + 1) p).
 */
export function sumBelow(k: number, n: number, p: number): number {
  const odds = p / (1 - p)
  let [term, sum] = [1, 1]
  for (let i = k; i >= 1 && term > 1e-17 * sum; i--) {
    term *= i / ((n - i + 1) * odds)
    sum += term
  }
  return sum
}

/**
 * P(X >= k) / P(X = k): 1 + the products of the ratios P(X = i + 1) / P(X = i) = (n - i) p / ((i +
 * 1) (1 - p)).
 */
export function sumAbove(k: number, n: number, p: number): number {
  const odds = p / (1 - p)
  let [term, sum] = [1, 1]
  for (let i = k; i < n && term > 1e-17 * sum; i++) {
    term *= ((n - i) * odds) / (i + 1)
    sum += term
  }
  return sum
}

/** log P(X = k) of X ~ Bin(n, p), 0 <= k <= n, n < 2^24. */
function logBinomial(k: number, n: number, p: number): number {
  if (p <= 0) return k === 0 ? 0 : Number.NEGATIVE_INFINITY
  if (p >= 1) return k === n ? 0 : Number.NEGATIVE_INFINITY
  if (k === 0) return n * Math.log1p(-p)
  if (k === n) return n * Math.log(p)
  return logInside(k, n, p)
}

/**
 * log P(X = k) for 0 < k < n and 0 < p < 1, in Loader's saddle-point form: the deviances are sums of positive numbers, so that nothing cancels where log-gamma functions would.
 *
 * @see Loader: Fast and accurate computation of binomial probabilities. 2000.
 */
export function logInside(k: number, n: number, p: number): number {
  const high = Math.fround(p) // n * high and n * (p - high) are exact, and so is all but the last bit of k - n p
  const excess = k - n * high - n * (p - high)
  const deviance = devianceOf(k, n * p, excess) + devianceOf(n - k, n * (1 - p), -excess)
  const stirling = stirlingError(n) - stirlingError(k) - stirlingError(n - k)
  return stirling - deviance - 0.5 * Math.log((2 * Math.PI * k * (n - k)) / n)
}

/** x log(x / mean) + mean - x; `excess` is x - mean. */
function devianceOf(x: number, mean: number, excess: number): number {
  const ratio = excess / (x + mean)
  if (Math.abs(ratio) > 0.5) return x * Math.log(x / mean) - excess
  let sum = 0 // log(x / mean) = 2 artanh(ratio)
  let power = ratio
  for (let odd = 3; Math.abs(power) > 1e-18 * Math.abs(ratio); odd += 2) {
    power *= ratio * ratio
    sum += power / odd
  }
  return excess * ratio + 2 * x * sum
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1)
}

/** log n! - (n + 1/2) log n + n - log(2 pi) / 2, n >= 1. */
function stirlingError(n: number): number {
  if (n < 16)
    return Math.log(factorial(n)) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI)
  const square = 1 / (n * n)
  return (
    (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - square / 1188) * square) * square) * square) / n
  )
}
