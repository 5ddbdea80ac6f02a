/** Frees a lock. */
export type Release = () => void | Promise<void>

/** The place where the entries of a run lie: three functions. */
export interface StoreFunctions {
  /** Name of the place in messages. @default 'the store' */
  readonly name?: string
  /** The bytes of an entry, such as `round-2`; undefined where there is none. */
  readonly read: (entry: string) => EntryBytes | Promise<EntryBytes>
  /**
   * Replaces the bytes of an entry, whole or not at all, whatever happens meanwhile. An entry that is
   * written is read from then on, also by other processes.
   */
  readonly write: (entry: string, bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>
  /**
   * Lets one writer in, until the function that it returns is called or the writer has ended. Throws
   * where another is at work: best with its name and the remedy.
   */
  readonly lock: () => Release | Promise<Release>
}

/** Bytes of an entry that may not be there. */
export type EntryBytes = Uint8Array | undefined
