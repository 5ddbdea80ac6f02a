import { compressedHandler } from 'tfjs-prune'

export const handler = compressedHandler('models/detector.tfpr')
