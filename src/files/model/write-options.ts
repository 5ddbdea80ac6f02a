import type { Selector } from '../../select/selector.js'
import type { Turn } from './work.js'

/** How the weights of an opened model are written. */
export interface WriteOptions {
  readonly select?: Selector | undefined
  /** The task of the caller, for messages. */
  readonly task: string
  readonly turn: Turn
  /** Is told the elements of each weight that is done. */
  readonly onElements?: ((count: number) => void) | undefined
}
