import { denseMask } from 'tfjs-prune'
import { sizeReport, strip } from 'tfjs-prune/files'
import { multiplyAdds, shrink } from 'tfjs-prune/shrink'
import { expect, test } from 'vitest'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'

test.each(Object.entries({ strip, shrink, sizeReport, multiplyAdds }))(
  '%s names the option for a mask that is given by itself',
  async (_, call) => {
    const model = smallModel()
    const refusal = await lateRefusalOf(async () => call(model, denseMask(model) as object))
    expect(refusal).toMatch(
      /^TypeError: Cannot .+: expected an object of options, got a mask: give it as \{ mask \}$/,
    )
  },
)
