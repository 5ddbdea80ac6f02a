/** The oldest version that BullMQ recommends. */
const OLDEST = [6, 2] as const

/**
 * Tells why a server is not fit to keep jobs and outcomes, from its answer to INFO: the end of a
 * message `expected Redis ...`. Undefined for one that is fit.
 */
export function serverProblem(info: string): string | undefined {
  const of = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]
  const version = of('redis_version')
  if (version !== undefined && isOlder(version))
    return `of version ${OLDEST.join('.')} or later, got ${version}`
  const policy = of('maxmemory_policy')
  if (policy?.startsWith('allkeys') && of('maxmemory') !== '0')
    return `to keep all keys (maxmemory-policy noeviction), got ${policy}`
  return undefined
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])
}
