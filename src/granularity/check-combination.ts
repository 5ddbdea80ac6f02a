import { checkChoice } from '../internal/option-checks.js'

/** Throws unless scores of a group can be combined so. */
export function checkCombination(combine: unknown): void {
  checkChoice(combine, ['sum', 'mean', 'norm'], { task: 'score groups', name: 'combine' })
}
