import * as losses from 'tfjs-prune/losses'

globalThis.losses = { ...losses }
