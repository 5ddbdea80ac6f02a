import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** All that the page needs: its own files, and WebAssembly. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:"

/** A running server; `close` ends it. */
export interface Served {
  readonly url: string
  readonly close: () => void
}

/** Serves a folder on this machine alone; text and code are gzipped. */
export async function serveFolder(
  folder: string,
  { port = 0, policy = POLICY }: { port?: number; policy?: string } = {},
): Promise<Served> {
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const path = pathname === '/' ? '/index.html' : pathname
    const type = TYPES[extname(path)]
    try {
      const body = await readFile(join(folder, path))
      response.writeHead(200, {
        'content-type': type ?? 'application/octet-stream',
        'content-security-policy': policy,
        ...(type && { 'content-encoding': 'gzip' }),
      })
      response.end(type ? gzipSync(body) : body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  const { port: taken } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${taken}/`, close: () => void server.close() }
}
