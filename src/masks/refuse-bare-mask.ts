/** Throws a TypeError if a mask is given by itself where options that hold one are wanted. */
export function refuseBareMask(options: unknown, task: string): void {
  if (!Array.isArray((options as { weights?: unknown } | null)?.weights)) return
  throw new TypeError(
    `Cannot ${task}: expected an object of options, got a mask: give it as { mask }`,
  )
}
