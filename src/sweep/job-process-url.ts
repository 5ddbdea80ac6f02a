/**
 * The program of the processes that run jobs. In a build it stands beside the entry point of sweeps,
 * wherever this module went; in the sources it is a file of TypeScript.
 */
export function jobProcessUrl(): URL {
  const here = import.meta.url
  return here.endsWith('.ts')
    ? new URL('./job-process/main.ts', here)
    : new URL('../sweep/job-process.js', here)
}
