/**
 * Serves the bundled page, the wasm files of tfjs and onnxruntime-web, and the golden containers on
 * a free local port.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const WASM = 'node_modules/@tensorflow/tfjs-backend-wasm/dist'
const ONNX = 'node_modules/onnxruntime-web/dist'
const GOLDEN = 'test/golden/container'

const HTML =
  '<!doctype html><input type="file" multiple><script type="module" src="/page.js"></script>'

/** A running server; `close` ends it. */
export interface PageServer {
  readonly url: string
  readonly close: () => void
}

/** Bundles a page from the sources and serves it, with more headers if given. */
export async function servePage(
  entry = 'test/e2e/page.ts',
  headers: Readonly<Record<string, string>> = {},
): Promise<PageServer> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    tsconfig: 'tsconfig.json',
    logLevel: 'error',
    write: false,
  })
  const page = Buffer.from(outputFiles[0]!.contents)
  const server: Server = createServer(async ({ url = '/' }, response) => {
    const [path, query] = url.split('?')
    const [type, body] = await answer(path!, page)
    const gzips = body !== undefined && query === 'gzip'
    response.writeHead(body ? 200 : 404, {
      'content-type': type,
      ...headers,
      ...(gzips && { 'content-encoding': 'gzip' }),
    })
    response.end(gzips ? gzipSync(body) : body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => void server.close() }
}

async function answer(url: string, page: Buffer): Promise<[type: string, body?: Buffer]> {
  if (url === '/') return ['text/html', Buffer.from(HTML)]
  if (url === '/page.js') return ['text/javascript', page]
  if (/^\/wasm\/[\w-]+\.wasm$/.test(url))
    return ['application/wasm', await readFile(join(WASM, basename(url)))]
  if (/^\/golden\/[\w-]+\.tfpr$/.test(url))
    return ['application/octet-stream', await readFile(join(GOLDEN, basename(url)))]
  if (/^\/onnx\/[\w.-]+\.(mjs|wasm)$/.test(url)) {
    const type = url.endsWith('.mjs') ? 'text/javascript' : 'application/wasm'
    return [type, await readFile(join(ONNX, basename(url)))]
  }
  return ['text/plain']
}
