import { compileSparse, openCompressed } from 'tfjs-prune/sparse'

globalThis.network = openCompressed('models/detector.tfpr').then(compileSparse)
