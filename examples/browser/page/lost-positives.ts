import type { Images } from '../shared/contract.js'
import { type Counts, countsAt, lostAt } from './counts.js'
import { byId, make } from './elements.js'
import { reportAt, type State } from './state.js'

/** Shows the images of the positives that the dense network finds and the chosen level misses. */
export function showLost(state: State): void {
  const images = state.facts?.images
  const place = byId('lost')
  const level = state.selected && reportAt(state, state.selected)
  const dense = state.selected && reportAt(state, { ...state.selected, level: 0 })
  if (!images || !level || !dense) {
    place.replaceChildren()
    return
  }
  const lost = lostAt(dense.evaluation, level.evaluation, state.threshold)
  const words = inWords(lost.length, countsAt(dense.evaluation, state.threshold))
  const key = `${words} ${lost.join()}`
  if (place.dataset.key === key && place.childElementCount > 0) return
  place.dataset.key = key
  const pictures = lost.map((index) => drawing(images, index))
  place.replaceChildren(
    make('h3', {}, ['Eights that compression lost']),
    make('p', {}, [words]),
    make('div', { className: 'strip' }, pictures),
  )
}

function inWords(lost: number, { misses, positives }: Counts): string {
  if (misses === positives) return 'The dense network finds no eight itself at this threshold.'
  if (lost > 0)
    return `The dense network finds ${lost === 1 ? 'this one' : `these ${lost}`}, the level does not.`
  const found = positives - misses
  const which = found === 1 ? 'the one eight' : `each of the ${found} eights`
  return `The level finds ${which} that the dense network finds.`
}

function drawing({ side, pixels }: Images, index: number): HTMLCanvasElement {
  const canvas = make('canvas', { width: side, height: side, role: 'img' })
  canvas.ariaLabel = `Image ${index + 1} of the validation part, an eight`
  const image = new ImageData(side, side)
  for (let pixel = 0; pixel < side * side; pixel++) {
    const grey = pixels[index * side * side + pixel]!
    image.data.set([grey, grey, grey, 255], pixel * 4)
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0)
  return canvas
}
