import { compressedHandler } from 'tfjs-prune/files'

globalThis.handler = compressedHandler('models/detector.tfpr')
