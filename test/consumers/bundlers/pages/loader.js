import { compressedHandler } from 'tfjs-prune/files'

export const handler = compressedHandler('models/detector.tfpr')
