import type { BackendName, DataName, LossName } from '../shared/contract.js'
import { byId } from './elements.js'
import type { Choices } from './state.js'

const form = () => byId<HTMLFormElement>('form')

/** Settings that suit a data set. */
export const USUAL: Readonly<Record<DataName, Pick<Choices, 'budget' | 'levels' | 'epochs'>>> = {
  tumours: { budget: 2, levels: 7, epochs: 30 },
  digits: { budget: 4, levels: 6, epochs: 12 },
}

/** Reads the choices from the form. */
export function readChoices(): Choices {
  const values = new FormData(form())
  const losses = values.get('losses')
  return {
    attempt: '',
    data: values.get('data') as DataName,
    losses: losses === 'both' ? ['red', 'black'] : [losses as LossName],
    backend: values.get('backend') as BackendName,
    budget: Number(values.get('budget')),
    levels: Number(values.get('levels')),
    epochs: Number(values.get('epochs')),
  }
}

/** Writes choices into the form. */
export function writeChoices({ attempt, losses, ...choices }: Choices): void {
  const values = { ...choices, losses: losses.length > 1 ? 'both' : losses[0]! }
  for (const [name, value] of Object.entries(values)) {
    const field = form().elements.namedItem(name) as HTMLInputElement | RadioNodeList
    field.value = String(value)
  }
}

/** Lets the visitor choose, or not while a run is under way. */
export function enableForm(isEnabled: boolean): void {
  for (const field of form().querySelectorAll('input')) {
    // The budget only chooses among finished levels.
    field.disabled = !isEnabled && field.name !== 'budget'
  }
}
