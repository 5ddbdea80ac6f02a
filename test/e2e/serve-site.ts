/** Serves a built site as a plain host of files does: gzipped, `index.html` for a folder. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** A running server; `close` ends it. */
export interface SiteServer {
  readonly url: string
  /** Bytes sent so far. */
  readonly sent: () => number
  readonly close: () => void
}

/** Serves the files of a folder on a free local port. */
export async function serveSite(folder: string): Promise<SiteServer> {
  let sent = 0
  const packed = new Map<string, Buffer>()
  const server = createServer(({ url = '/' }, response) => {
    const file = fileOf(folder, new URL(url, 'http://localhost').pathname)
    if (file === undefined) {
      response.writeHead(404).end()
      return
    }
    const body = packed.get(file) ?? gzipSync(readFileSync(file))
    packed.set(file, body)
    sent += body.length
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' }).end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    sent: () => sent,
    close: () => void server.close(),
  }
}

function fileOf(folder: string, path: string): string | undefined {
  const file = join(folder, normalize(decodeURIComponent(path)))
  if (!existsSync(file)) return undefined
  if (!statSync(file).isDirectory()) return file
  const index = join(file, 'index.html')
  return existsSync(index) ? index : undefined
}
