/** Both packages that draw charts, which the user installs. */
export interface Drawing {
  readonly vega: typeof import('vega')
  readonly vegaLite: typeof import('vega-lite')
}

/**
 * Loads vega and vega-lite, optional peers, by names that bundlers follow.
 *
 * @throws {Error} If one of them is missing: the message says how to install both.
 */
export async function loadVega(task: string): Promise<Drawing> {
  try {
    const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
    return { vega, vegaLite }
  } catch (cause) {
    const wanted = 'the packages vega and vega-lite to be there (npm install vega@5 vega-lite@5)'
    const { message } = cause as Error
    throw new Error(`Cannot ${task}: expected ${wanted}, got ${message}`, { cause })
  }
}
