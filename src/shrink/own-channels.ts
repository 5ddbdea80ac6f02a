const UNITS = { what: 'units', option: 'units' } as const
const FILTERS = { what: 'filters', option: 'filters' } as const

interface OwnChannels {
  /** What they are called. */
  readonly what: 'units' | 'filters' | 'channels' | 'dimensions'
  /** Option of the layer's config that counts them; none where they follow from the inputs. */
  readonly option?: string
}

/** Classes of layers that have channels of their own. */
export const OWN_CHANNELS: Readonly<Record<string, OwnChannels>> = {
  Dense: UNITS,
  Conv1D: FILTERS,
  Conv2D: FILTERS,
  Conv3D: FILTERS,
  Conv2DTranspose: FILTERS,
  Conv3DTranspose: FILTERS,
  SeparableConv2D: FILTERS,
  DepthwiseConv2D: { what: 'channels' },
  Embedding: { what: 'dimensions', option: 'outputDim' },
}
