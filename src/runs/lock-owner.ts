import { nodeBuiltin } from '../internal/node-builtin.js'

/** The process that holds a lock file: the contents of the file, as JSON. */
export interface LockOwner {
  /** Another one for each lock that is taken. */
  readonly id: string
  readonly pid: number
  readonly host: string
  /** When the process was started, in ticks since the host was, where that is told. */
  readonly start: string | undefined
  /** The space in which the pid is counted, where that is told: a container has one of its own. */
  readonly space?: string | undefined
}

interface Process {
  readonly pid: number
  kill(pid: number, signal: 0): true
}

const processOfNode = () => (globalThis as unknown as { process: Process }).process

/** This process, as the owner of a new lock. */
export function thisOwner(): LockOwner {
  const { pid } = processOfNode()
  const host = nodeBuiltin<{ hostname(): string }>('node:os')!.hostname()
  const id = globalThis.crypto.randomUUID()
  return { id, pid, host, start: processFacts(pid)?.start, space: spaceOfPids() }
}

/**
 * Whether the owner of a lock may still be at work. That of another host may; a process that was
 * started anew with the same number is another one.
 */
export function mayBeAtWork({ pid, host, start, space }: LockOwner): boolean {
  const own = thisOwner()
  if (host !== own.host || (space !== undefined && space !== own.space)) return true
  try {
    processOfNode().kill(pid, 0)
  } catch (error) {
    // A process of another user cannot be asked, but is there.
    if ((error as { code?: unknown }).code === 'ESRCH') return false
  }
  const facts = processFacts(pid)
  if (!facts) return true
  const isGone = facts.state === 'Z' || facts.state === 'X'
  return !isGone && (start === undefined || facts.start === start)
}

interface Sync {
  readFileSync(path: string, encoding: 'utf8'): string
  readlinkSync(path: string): string
}

/** State and start of a process, on Linux. */
function processFacts(pid: number): { readonly state: string; readonly start: string } | undefined {
  try {
    const text = nodeBuiltin<Sync>('node:fs')!.readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program, in brackets, may hold any characters.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0]!, start: fields[19]! }
  } catch {
    return undefined
  }
}

/** The name of the space in which the pids of this process are counted, on Linux. */
function spaceOfPids(): string | undefined {
  try {
    return nodeBuiltin<Sync>('node:fs')!.readlinkSync('/proc/self/ns/pid')
  } catch {
    return undefined
  }
}
