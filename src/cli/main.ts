#!/usr/bin/env node
import { runCommandLine } from './run-command-line.js'
import { readerMayGo } from './terminal/reader-may-go.js'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort(new Error('Stopped by Ctrl+C')))
process.once('SIGTERM', () => stop.abort(new Error('Stopped by SIGTERM')))

const { stdout, stderr, env } = process
for (const stream of [stdout, stderr]) readerMayGo(stream)
process.exitCode = await runCommandLine(process.argv.slice(2), {
  print: (text) => void stdout.write(`${text}\n`),
  tell: (text) => void stderr.write(`${text}\n`),
  hasColours: stdout.isTTY === true && !env.NO_COLOR,
  terminal: stderr.isTTY ? stderr : undefined,
  signal: stop.signal,
})
// A connection that was lost may hold a worker up; other commands may still be writing.
if (process.argv[2] === 'worker') setTimeout(() => process.exit(), 2000).unref()
