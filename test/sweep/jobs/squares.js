// A module of jobs in plain JavaScript, as users write it without the package's types.
export const jobs = [1, 2, 3].map((seed) => ({ key: `seed=${seed}`, point: { seed } }))

export default ({ seed }) => ({ square: seed * seed })
