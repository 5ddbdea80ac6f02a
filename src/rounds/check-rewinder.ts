import type { OptionCheck } from '../internal/check-options.js'
import { checkObjectPiece } from '../internal/check-piece.js'
import { checkChoice } from '../internal/option-checks.js'
import type { Rewinder } from '../types.js'

const choices = {
  statistics: ['rewound', 'kept'],
  optimizer: ['fresh', 'rewound', 'kept'],
  learningRate: ['rewound', 'last'],
  dataOrder: ['rewound', 'continued'],
} as const satisfies { readonly [K in keyof Rewinder]?: readonly Rewinder[K][] }

/** Throws unless `value` is a rewinder whose parts say one of the things that they may say. */
export const checkRewinder: OptionCheck = (value, option) => {
  checkObjectPiece(value, { ...option, kind: 'a rewinder', method: 'weights' })
  const rewinder = value as Rewinder
  for (const [part, allowed] of Object.entries(choices)) {
    const name = `${option.name}.${part}`
    checkChoice(rewinder[part as keyof typeof choices], allowed, { task: option.task, name })
  }
}
