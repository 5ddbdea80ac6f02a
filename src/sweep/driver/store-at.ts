import { describe } from '../../internal/describe.js'
import { optionError } from '../../internal/option-error.js'
import { folderSweep } from '../folder/folder-sweep.js'
import type { SweepStore } from '../sweep-store.js'

/** The store at a place: a folder of JSON lines by its path, or a store itself. */
export function storeAt(place: unknown, task: string): SweepStore {
  if (typeof place === 'string' || place instanceof URL) return folderSweep(place)
  const { open, read } = (place ?? {}) as Partial<SweepStore>
  if (typeof open === 'function' && typeof read === 'function') return place as SweepStore
  const wanted = 'the path of a folder, or a store, as store'
  throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(place)}`))
}
