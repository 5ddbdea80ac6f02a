import type { SelectableWeight } from '../select/selector.js'
import type { AllocationRequest } from '../types.js'

/** A request as a selector sees it: its role is the last part of its name. */
export function selectableRequest(
  weight: AllocationRequest & Partial<SelectableWeight>,
): SelectableWeight {
  const {
    name,
    layer,
    shape,
    size,
    role = name.slice(name.lastIndexOf('/') + 1),
    className = '',
  } = weight
  return { name, layer, className, role, shape, size }
}
