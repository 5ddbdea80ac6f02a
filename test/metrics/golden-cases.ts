import golden from '../golden/metrics.json'

/** Cases made by scikit-learn: see scripts/golden/metrics.py. */
export const goldenCases = golden.cases
