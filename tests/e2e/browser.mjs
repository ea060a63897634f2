// SPDX-License-Identifier: Apache-2.0
// Chromium from Debian, driven by playwright-core from web/node_modules; what every test wants of a page.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, homedir, loadavg } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
export const DIST = path.join(ROOT, 'web/dist')
export const PROGRAM = process.env.DWELL_PROGRAM ?? path.join(ROOT, 'build/dwell')
const CACHE = process.env.DWELL_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'dwell')
export const VIDEO = path.join(CACHE, 'media/vtest.avi')
const SCREENS = path.join(ROOT, 'out/screens')
const modules = createRequire(path.join(ROOT, 'web/package.json'))
const { chromium } = modules('playwright-core')
const axe = readFileSync(modules.resolve('axe-core/axe.min.js'), 'utf8')

export const DESKTOP = { viewport: { width: 1360, height: 860 } }
export const DARK = { ...DESKTOP, colorScheme: 'dark' }
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }

/** Root has no sandbox of its own in a container. */
export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: process.getuid() === 0 ? ['--no-sandbox'] : [] })

/** Starts the program; gives its link as soon as it prints one. */
export async function serve(folder) {
  const program = spawn(PROGRAM, ['serve', '--config', path.join(folder, 'dwell.yaml')], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const claim = await new Promise((done, fail) => {
    const hear = (text) => {
      said += text
      const link = /(http:\/\/\S+\/claim#\S+)/.exec(said)
      if (link) done(link[1])
    }
    program.stdout.on('data', hear)
    program.stderr.on('data', hear)
    program.on('exit', (code) => fail(new Error(`dwell serve ended with ${code}: ${said}`)))
  })
  return { program, claim, base: new URL(claim).origin, said: () => said }
}

/** Ends the program as Ctrl-C does, and waits for it. */
export async function end({ program }) {
  const ended = new Promise((done) => program.on('exit', done))
  program.kill('SIGINT')
  await ended
}

export const PASSWORD = 'a long enough password'

/** On the page of the claim link: the first user. `first` is there when the site is open. */
export async function claim(page, site, first, look = async () => {}) {
  await page.goto(site.claim)
  await page.fill('[name=name]', 'ana')
  await page.fill('[name=password]', PASSWORD)
  await look()
  await page.click('button:has-text("Claim the site")')
  await page.waitForSelector(first)
}

/** A page that remembers what went wrong in it and whom it asked. */
export async function open(browser, base, options = DESKTOP) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'America/New_York', ...options, baseURL: base })
  const page = await context.newPage()
  page.wrong = []
  page.asked = []
  page.on('pageerror', (error) => page.wrong.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4\d\d|503)/.test(message.text())) page.wrong.push(message.text())
  })
  page.on('request', (request) => page.asked.push(request.url()))
  page.setDefaultTimeout(30_000)
  return page
}

/** No error, nothing refused by the policy, and nobody but the program was asked. */
export function assertClean(page, base) {
  assert.deepEqual(page.wrong, [])
  assert.deepEqual(page.asked.filter((url) => !url.startsWith(base)), [])
}

/** What axe-core calls serious or critical; the policy forbids scripts of others, so by the debugger. */
export async function assertAccessible(page, name) {
  const debug = await page.context().newCDPSession(page)
  await debug.send('Runtime.evaluate', { expression: axe })
  const { violations } = await page.evaluate(() => window.axe.run())
  const serious = violations.filter((v) => ['serious', 'critical'].includes(v.impact))
  assert.deepEqual(serious.map((v) => `${name}: ${v.id}: ${v.nodes[0].target.join(' ')}`), [])
}

export async function assertFits(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1)
  assert.equal(wide, false, `${name} scrolls sideways`)
}

export async function screenshot(page, name) {
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`) })
}

/** Times mean something only on a machine that has nothing else to do. */
export const idle = () => loadavg()[0] < cpus().length

/** From the beginning of the navigation until the first view has been painted, by the page's own clock. */
export async function timeFirstView(page) {
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector('.zone-row, .stage')) return
      watch.disconnect()
      requestAnimationFrame(() => setTimeout(() => (window.firstViewMs = performance.now())))
    })
    watch.observe(document, { childList: true, subtree: true })
  })
  await page.goto('/')
  await page.waitForFunction(() => window.firstViewMs)
  return page.evaluate(() => window.firstViewMs)
}

/** All files of the page that it loaded, compressed; not what the program measured. */
export async function transferred(page) {
  const files = page.asked.filter((url) => !url.includes('/api/'))
  const sizes = await Promise.all(
    files.map(async (url) => gzipSync(Buffer.from(await (await page.request.get(url)).body())).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
