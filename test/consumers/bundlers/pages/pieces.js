import {
  applyMask,
  encodeMask,
  falseNegativesAtMost,
  magnitude,
  polynomial,
  taylor,
} from 'tfjs-prune'

globalThis.pieces = { applyMask, encodeMask, falseNegativesAtMost, magnitude, polynomial, taylor }
