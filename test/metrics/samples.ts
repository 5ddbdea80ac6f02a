import fc from 'fast-check'

/** Binary samples with at least one of each class; scores on a coarse grid tie often. */
export const samples = fc
  .array(fc.record({ label: fc.nat({ max: 1 }), score: fc.integer({ min: -20, max: 20 }) }), {
    maxLength: 60,
  })
  .chain((rest) =>
    fc
      .tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }))
      .map(([positive, negative]) => {
        const all = [{ label: 1, score: positive }, ...rest, { label: 0, score: negative }]
        return { labels: all.map(({ label }) => label), scores: all.map(({ score }) => score / 4) }
      }),
  )

/** Binary samples with at least one of each class, and no two scores alike. */
export const samplesWithoutTies = fc
  .tuple(
    fc.array(fc.nat({ max: 1 }), { maxLength: 40 }),
    fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 42, maxLength: 42 }),
  )
  .map(([rest, scores]) => {
    const labels = [1, ...rest, 0]
    return { labels, scores: scores.slice(0, labels.length) }
  })
