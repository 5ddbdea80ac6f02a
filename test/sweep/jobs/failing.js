export { jobs } from './squares.js'

export default ({ seed }) => {
  if (seed === 2) throw new RangeError('no 2')
  return { square: seed * seed }
}
