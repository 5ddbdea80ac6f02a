import { expect, test } from 'vitest'
import { serverProblem } from '../../../src/sweep/redis/server-problem.js'

const infoOf = (version: string, policy: string, most = 100) =>
  `# Server\r\nredis_version:${version}\r\n# Memory\r\nmaxmemory:${most}\r\nmaxmemory_policy:${policy}\r\n`

test('serverProblem tells versions before 6.2', () => {
  expect(serverProblem(infoOf('6.0.16', 'noeviction'))).toBe('of version 6.2 or later, got 6.0.16')
  expect(serverProblem(infoOf('5.9.0', 'noeviction'))).toContain('5.9.0')
  expect(serverProblem(infoOf('6.2.0', 'noeviction'))).toBe(undefined)
  expect(serverProblem(infoOf('10.0.1', 'noeviction'))).toBe(undefined)
})

test('serverProblem tells a server that may drop keys, where its memory has an end', () => {
  expect(serverProblem(infoOf('7.0.15', 'allkeys-lru'))).toContain('noeviction), got allkeys-lru')
  expect(serverProblem(infoOf('7.0.15', 'allkeys-lru', 0))).toBe(undefined)
  expect(serverProblem(infoOf('7.0.15', 'volatile-lru'))).toBe(undefined)
})
