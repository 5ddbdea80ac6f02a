import { wrapperCalls } from '../internal/wrapped-layers.js'

/** A part of the config of a Keras model. */
interface Config {
  readonly class_name?: unknown
  readonly config?: { readonly name?: unknown; readonly layer?: Config } | readonly unknown[] | null
}

/**
 * The class of each layer in the topology of a LayersModel, by the layer's name; of a wrapper, that
 * of the layer in it, whose weights have the wrapper's name.
 */
export function layerClasses(topology: unknown): Map<string, string> {
  const classes = new Map<string, string>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { config } = value as Config
    const className = classOf(value)
    const name = config && 'name' in config ? config.name : undefined
    if (typeof className === 'string' && typeof name === 'string') classes.set(name, className)
    for (const part of Object.values(value)) visit(part)
  }
  visit(topology)
  return classes
}

function classOf({ class_name: className, config }: Config): unknown {
  const wrapped = config && 'layer' in config ? config.layer : undefined
  return wrapped && wrapperCalls(className) ? classOf(wrapped) : className
}

/** Layer path, role and class of a weight of a LayersModel, by the name that tfjs gives it. */
export function layerPlace(name: string, classes: ReadonlyMap<string, string>) {
  const parts = name.split('/')
  const role = parts.pop()!
  const own = parts.findLast((part) => classes.has(part))
  const className = own === undefined ? '' : classes.get(own)!.replace(/^tfjs-prune>/, '')
  return { layer: parts.join('/') || name, role, className }
}
