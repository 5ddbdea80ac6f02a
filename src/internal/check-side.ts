interface Side {
  readonly label?: number | undefined
  readonly positiveClass: number
}

/** Throws unless the positive class is that of a label, 0 or 1, if one is given. */
export function checkSide({ label, positiveClass }: Side, task: string): void {
  if (label === undefined || positiveClass <= 1) return
  throw new RangeError(
    `Cannot ${task}: expected 0 or 1 as positiveClass of a label, got ${positiveClass}`,
  )
}
