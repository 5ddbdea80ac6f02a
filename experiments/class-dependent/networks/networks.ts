import { alexNet } from './alex-net.js'
import { cnn } from './cnn.js'
import { mobileNet } from './mobile-net.js'
import type { Network } from './network.js'
import { separable } from './separable.js'

/** The networks of the study by their names. */
export const networks: Readonly<Record<string, Network>> = {
  cnn,
  alexNet,
  mobileNet,
  separable,
}
