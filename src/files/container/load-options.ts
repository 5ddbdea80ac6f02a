import { checkFunction } from '../../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { checkSignal } from '../../internal/check-signal.js'
import { copyOptions } from '../../internal/copy-options.js'
import { anything, checkIndex, numberThat } from '../../internal/option-checks.js'
import { LARGEST_HEADER } from './header.js'

/** Limits of a container that is loaded, its progress, and how to fetch it. */
export interface CompressedHandlerOptions {
  /**
   * Largest number of bytes of all decoded weights, and of the header; a file that claims more is
   * refused before anything is allocated for it.
   *
   * @default 1 GiB: 268 million weights of float32
   */
  readonly maximumBytes?: number
  /**
   * Largest number of bytes of the header, which has the topology, the metadata and the list of
   * weights: as JSON it takes many times as many in memory. At most 16 MiB.
   *
   * @default 1 MiB: that of a model of a thousand layers
   */
  readonly maximumHeaderBytes?: number
  /**
   * Called after the header and after each weight with the share of the bytes that are read, in (0,
   * 1].
   */
  readonly onProgress?: (fraction: number) => void
  /** Fetches URLs. @default the global `fetch` */
  readonly fetchFunc?: typeof fetch
  /** Options of the request, such as `credentials` and `headers`. */
  readonly requestInit?: RequestInit
  /**
   * Most milliseconds to wait for the answer of a URL, and for each of its next bytes; Infinity for
   * no limit. A download that goes on may take as long as it likes. @default 60,000: a minute
   */
  readonly maximumWait?: number
  /** Stops loading: `load` then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

const DEFAULT_MAXIMUM = 2 ** 30
const DEFAULT_HEADER = 2 ** 20
const DEFAULT_WAIT = 60_000
/** The longest wait that timers keep. */
const LONGEST_WAIT = 2 ** 31 - 1

const checks: OptionChecks<CompressedHandlerOptions> = {
  maximumBytes: checkIndex,
  maximumHeaderBytes: numberThat(
    `a whole number of at most ${LARGEST_HEADER}`,
    (bytes) => Number.isInteger(bytes) && bytes >= 0 && bytes <= LARGEST_HEADER,
  ),
  onProgress: checkFunction,
  fetchFunc: checkFunction,
  requestInit: anything,
  maximumWait: numberThat(
    `above 0 and at most ${LONGEST_WAIT}, or Infinity`,
    (wait) => wait > 0 && (wait <= LONGEST_WAIT || wait === Number.POSITIVE_INFINITY),
  ),
  signal: checkSignal,
}

/** The options with their defaults. Throws a TypeError or a RangeError for a wrong one. */
export function checkedLoadOptions(options: CompressedHandlerOptions) {
  checkOptions(options, { task: 'load the model', checks })
  const { maximumBytes = DEFAULT_MAXIMUM, maximumHeaderBytes = DEFAULT_HEADER } = options
  const { maximumWait = DEFAULT_WAIT } = options
  return { ...copyOptions(options, checks), maximumBytes, maximumHeaderBytes, maximumWait }
}
