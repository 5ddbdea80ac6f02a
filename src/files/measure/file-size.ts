import type { ValueType } from '../model/value-type.js'

/** The size of a model in one form of file. */
export interface FileSize {
  /**
   * `stock`: the `model.json` and weights that any tfjs loads; `container`: the file of
   * `saveCompressed`.
   */
  readonly file: 'stock' | 'container'
  /** How each value is stored. */
  readonly type: ValueType
  /** Bytes as they lie on the disk, topology and metadata included. */
  readonly bytes: number
  /** Bytes after gzip, each file by itself, as a server sends them. */
  readonly gzip: number
  /** The same after Brotli at quality 9; left out where the platform has no Brotli. */
  readonly brotli?: number
  /** The entropy bound of the weights in bytes; topology and metadata come on top. */
  readonly bound: number
}
