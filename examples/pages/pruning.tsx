import type { LayersModel } from '@tensorflow/tfjs-layers'
import { useEffect, useRef, useState } from 'react'
import { type PruningOptions, pruningRounds, type Round } from 'tfjs-prune'

/** Prunes a model level by level when asked to, and stops when it is taken off the page. */
export function Pruning({ model, ...options }: PruningOptions & { model: LayersModel }) {
  const [levels, setLevels] = useState<readonly Round[]>([])
  const [state, setState] = useState('ready')
  const abort = useRef<AbortController>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const start = async () => {
    abort.current = new AbortController()
    setState('running')
    try {
      for await (const round of pruningRounds(model, { ...options, signal: abort.current.signal }))
        setLevels((before) => [...before, round])
      setState('done')
    } catch (error) {
      setState(abort.current.signal.aborted ? 'stopped' : `failed: ${error}`)
    }
  }

  return (
    <section>
      <button type="button" onClick={start} disabled={state !== 'ready'}>
        Prune
      </button>
      <button type="button" onClick={() => abort.current?.abort()}>
        Stop
      </button>
      <p role="status">{state}</p>
      <ol>
        {levels.map(({ round, density, evaluation: { confusion } }) => (
          <li key={round}>
            {(100 * density).toFixed(1)} %: {confusion.falseNegatives} missed,{' '}
            {confusion.falsePositives} false alarms
          </li>
        ))}
      </ol>
    </section>
  )
}
