import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { leaveSelection, takeSelection } from '../../src/masks/found-selections.js'
import { selectHighest } from '../../src/masks/select-highest.js'
import type { AllocationRequest } from '../../src/types.js'

const requestOf = (name: string, scores: readonly number[], limits = {}): AllocationRequest => ({
  ...{ name, layer: name, role: 'kernel', className: 'Dense', shape: [scores.length] },
  ...{ size: scores.length, kept: scores.length, minimumKept: 0, maximumKept: scores.length },
  ...{ scores: Float32Array.from(scores), mask: new Uint8Array(scores.length).fill(1) },
  ...limits,
})

test('a selection is taken once, and for its own count alone', () => {
  const request = requestOf('a', [1, 2])
  leaveSelection(request, { count: 1, kept: Uint8Array.of(0, 1) })
  expect(takeSelection(request, 1)).toEqual(Uint8Array.of(0, 1))
  expect(takeSelection(request, 1)).toBeUndefined()
  leaveSelection(request, { count: 1, kept: Uint8Array.of(0, 1) })
  expect(takeSelection(request, 2)).toBeUndefined()
})

test('globally leaves the masks that a selection by itself would find, ties included', () => {
  const requests = [requestOf('a', [3, 1, 3, 2]), requestOf('b', [3, 3, 0, -1])]
  const counts = globally()(requests, 3 / 8)
  expect(counts).toEqual([2, 1])
  for (const [i, request] of requests.entries()) {
    const left = takeSelection(request, counts[i]!)
    expect(left).toEqual(selectHighest(request, counts[i]!))
  }
})

test('globally leaves no mask of a count that a limit changed', () => {
  const requests = [requestOf('a', [9, 8, 7, 6], { maximumKept: 1 }), requestOf('b', [3, 2, 1, 0])]
  const counts = globally()(requests, 0.5)
  expect(counts).toEqual([1, 3])
  expect(takeSelection(requests[0]!, 1)).toBeUndefined()
  expect(takeSelection(requests[1]!, 3)).toEqual(Uint8Array.of(1, 1, 1, 0))
})
