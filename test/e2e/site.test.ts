import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launch } from './launch.js'
import { type SiteServer, serveSite } from './serve-site.js'
import { brokenLinks } from './site-links.js'

const SITE = 'docs/.vitepress/dist'
/** Machines of a gate are busy. */
const POLL = { timeout: 60_000 }

let browser: Browser
let server: SiteServer
/** Addresses outside the site that a page asked for, and errors that nobody caught. */
const outside: string[] = []
const complaints: string[] = []

beforeAll(async () => {
  if (!existsSync(`${SITE}/index.html`)) {
    expect(spawnSync('npm', ['run', 'site'], { stdio: 'inherit' }).status).toBe(0)
  }
  server = await serveSite(SITE)
  browser = await launch(['--disable-gpu'])
}, 300_000)

afterAll(async () => {
  await browser?.close()
  server?.close()
})

/** The page that all searches share, as it reads a long index first. */
let searching: Page | undefined

afterEach(async () => {
  const done = browser.contexts().filter((context) => context !== searching?.context())
  await Promise.all(done.map((context) => context.close()))
})

interface Opening {
  readonly width?: number
  readonly dark?: boolean
}

async function open(path: string, { width = 1280, dark = false }: Opening = {}): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme: dark ? 'dark' : 'light',
  })
  page.setDefaultTimeout(120_000)
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.url))
      outside.push(request.url())
  })
  page.on('pageerror', (error) => complaints.push(`${path}: ${error}`))
  await page.goto(server.url + path, { waitUntil: 'networkidle' })
  return page
}

/** Addresses and texts that the search finds, the best first. */
async function found(query: string): Promise<{ address: string; text: string }[]> {
  searching ??= await open('')
  const page = searching
  const field = page.locator('.VPLocalSearchBox input')
  const results = page.locator('.VPLocalSearchBox .result')
  // Keys that are pressed before the page has its code are lost.
  const opened = async () => {
    if ((await field.count()) === 0) await page.keyboard.press('Control+k')
    return field.count()
  }
  await expect.poll(opened, POLL).toBe(1)
  // Or those of the query before would be taken for its own.
  await field.fill('')
  await expect.poll(() => results.count(), POLL).toBe(0)
  await field.fill(query)
  await expect.poll(() => results.count(), POLL).toBeGreaterThan(2)
  return results.evaluateAll((links) =>
    links.map((link) => ({
      address: link.getAttribute('href') ?? '',
      text: link.textContent?.replace(/\s+/g, ' ').trim() ?? '',
    })),
  )
}

const FUNCTION = 'api/tfjs-prune/functions/falseNegativesAtMost.html'

describe('the search', () => {
  test('finds a function by its name, first of all', async () => {
    const [first] = await found('falseNegativesAtMost')
    expect(first!.address).toContain(FUNCTION)
    const page = searching!
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/${FUNCTION}*`)
    await page.locator('h1', { hasText: 'falseNegativesAtMost' }).waitFor()
  })

  test('finds a function by the parts of its name', async () => {
    const results = await found('false negatives at most')
    expect(results[0]!.address).toContain(FUNCTION)
  })

  test.each([
    ['prune', 'functions/prune.html'],
    ['certify()', 'certify/functions/certify.html'],
    ['recall', 'metrics/functions/recall.html'],
    ['units', 'functions/units.html'],
    ['Mask', 'interfaces/Mask.html'],
    ['Round', 'interfaces/Round.html'],
    ['GradualPruner', 'interfaces/GradualPruner.html'],
    ['gradualPruner', 'functions/gradualPruner.html'],
  ])('finds an export by its whole name, first of all: %s', async (name, place) => {
    const [first] = await found(name)
    expect(first!.address).toContain(`api/tfjs-prune/${place}`)
  })

  test('finds false negatives where one asks for missed positives', async () => {
    const results = await found('missed positives')
    expect(results[0]!.address).toContain('glossary.html#word-false-negative-fn')
    const addresses = results.map(({ address }) => address)
    expect(addresses.slice(0, 6).join()).toContain(FUNCTION)
  })

  test('finds pages of the guide', async () => {
    const results = await found('smaller files')
    expect(results[0]!.address).toContain('guide/files.html')
  })
})

describe('a page of the API', () => {
  test('has its import, its example and its siblings', async () => {
    const page = await open(FUNCTION)
    const text = (await page.locator('.vp-doc').textContent())!
    expect(text).toContain("import { falseNegativesAtMost } from 'tfjs-prune'")
    expect(text).toContain('falseNegativesAtMost(3)([])')
    const siblings = page.locator('.vp-doc h2:has-text("See also") + ul a')
    const names = await siblings.allTextContents()
    expect(names).toContain('falsePositiveRateAtMost')
    expect(names).not.toContain('falseNegativesAtMost')
    await siblings.filter({ hasText: /^falsePositiveRateAtMost$/ }).click()
    await page.waitForURL('**/falsePositiveRateAtMost.html')
    await page.locator('h1', { hasText: 'falsePositiveRateAtMost' }).waitFor()
  })

  test('leads to the types of tfjs at their own entries', async () => {
    const page = await open('api/tfjs-prune/functions/prune.html')
    const links = await page
      .locator('.vp-doc a[href*="js.tensorflow.org"]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')))
    expect(links).toContain('https://js.tensorflow.org/api/4.22.0/#class:LayersModel')
  })
})

describe('the pages', () => {
  test('lead from the first page to the guide, the API and the examples', async () => {
    const page = await open('')
    for (const [name, heading] of [
      ['Guide', 'Guide'],
      ['API', 'API'],
      ['Examples', 'Examples'],
      ['Demo', 'Demo'],
    ] as const) {
      await page.locator('.VPNavBarMenu').getByText(name, { exact: true }).click()
      await expect.poll(() => page.locator('h1').textContent(), POLL).toContain(heading)
    }
  })

  test('lead to the demo', async () => {
    const page = await open('demo.html')
    await page.getByRole('link', { name: 'Open the demo' }).click()
    await page.waitForURL('**/demo/**')
    await page.getByRole('button', { name: 'Start' }).waitFor()
  })

  test('show pictures in the theme of the switch', async () => {
    const page = await open('guide/audit.html', { dark: true })
    const shown = () =>
      page
        .locator('.vp-doc img[alt^="Change of recall"]:visible')
        .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).src))
    for (const theme of ['dark', 'light']) {
      await expect.poll(async () => (await shown()).join(), POLL).toContain(theme)
      const files = await shown()
      expect(files).toHaveLength(2)
      for (const file of files) expect(file).toMatch(new RegExp(`audit-\\w+-${theme}\\.`))
      await page.locator('.VPNavBarAppearance button').click()
    }
  })

  test('turn dark by the switch, and stay so', async () => {
    const page = await open('guide/losses.html')
    const background = () =>
      page.evaluate(() =>
        getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.map(Number),
      )
    expect(Math.min(...(await background()))).toBeGreaterThan(200)
    await page.locator('.VPNavBarAppearance button').click()
    await expect.poll(async () => Math.max(...(await background())), POLL).toBeLessThan(60)
    await page.reload()
    expect(Math.max(...(await background()))).toBeLessThan(60)
  })

  test.each([
    '',
    'guide/',
    'guide/first-steps.html',
    'guide/misses.html',
    'guide/speed.html',
    'guide/files.html',
    'glossary.html',
    'format.html',
    'demo.html',
    'examples/',
    'examples/own-loop.html',
    'project/architecture.html',
    'api/',
    'api/tfjs-prune/',
    'api/tfjs-prune/functions/prune.html',
    'api/tfjs-prune/interfaces/FitOptions.html',
    FUNCTION,
  ])('are read at 375 px without scrolling sideways: /%s', async (path) => {
    const page = await open(path, { width: 375 })
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }))
    expect(client).toBe(375)
    expect(scroll).toBe(client)
  })

  test.each([
    ['', false],
    ['', true],
    ['guide/first-steps.html', false],
    [FUNCTION, true],
  ] as const)('have no fault that axe knows: /%s, dark: %s', async (path, dark) => {
    const page = await open(path, { dark })
    await page.addScriptTag({ content: axe.source })
    const { violations } = await page.evaluate(() => window.axe.run())
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([])
  })

  test('have no link without a page or an anchor', () => {
    const { links, broken } = brokenLinks(SITE)
    expect(broken).toEqual([])
    expect(links).toBeGreaterThan(5000)
  })

  test('load nothing from elsewhere and throw nothing', () => {
    expect(readFileSync(`${SITE}/index.html`, 'utf8')).not.toMatch(
      /(src|href)="https?:[^"]*\.(js|css|woff2?)"/,
    )
    expect(outside).toEqual([])
    expect(complaints).toEqual([])
  })
})

declare global {
  interface Window {
    axe: typeof axe
  }
}
