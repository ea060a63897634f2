// SPDX-License-Identifier: Apache-2.0
// How soon the page is there: `make bench-page`, or with ZONES=1000 on one camera. The program measures
// the sample video meanwhile, as it does in a shop; each try is a browser that has nothing kept.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { VIDEO, claim, end, launch, open, serve, timeFirstView, transferred } from '../e2e/browser.mjs'

const TRIES = Number(process.env.TRIES ?? 11)
const ZONES = Number(process.env.ZONES ?? 1)
const CONFIG = `site: Bench\ndata: data\nlisten: 127.0.0.1:0\ncameras:\n  - {name: door, source: ${VIDEO}, loop: true, zones: door.json}\n`

/** As many zones as are wanted, side by side over the whole picture. */
function zonesOf(count) {
  const side = Math.ceil(Math.sqrt(count))
  return Array.from({ length: count }, (_, i) => {
    const [x, y] = [(i % side) / side, Math.floor(i / side) / side]
    const [right, low] = [x + 0.9 / side, y + 0.9 / side]
    return { name: `zone ${i + 1}`, polygon: [[x, y], [right, y], [right, low], [x, low], [x, y]] }
  })
}

/** From an act, or from the beginning of the navigation, until something is there `count` times and painted. */
const until = (page, selector, count, click) =>
  page.evaluate(
    ([selector, count, click]) =>
      new Promise((done) => {
        const began = click ? performance.now() : 0
        if (click) document.querySelector(click).click()
        const look = () => {
          if (document.querySelectorAll(selector).length < count) requestAnimationFrame(look)
          else requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)))
        }
        look()
      }),
    [selector, count, click],
  )

const told = (name, values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const ms = (value) => `${value.toFixed(0)} ms`
  console.log(`${name.padEnd(20)} median ${ms(sorted[sorted.length >> 1])}, from ${ms(sorted[0])} to ${ms(sorted.at(-1))} of ${sorted.length}`)
}

const folder = mkdtempSync(path.join(tmpdir(), 'dwell-page-'))
writeFileSync(path.join(folder, 'dwell.yaml'), CONFIG)
writeFileSync(path.join(folder, 'door.json'), JSON.stringify({ zones: zonesOf(ZONES) }))
const site = await serve(folder)
const browser = await launch()
try {
  const claimed = await open(browser, site.base)
  await claim(claimed, site, '.zone-row, .stage')
  const cookies = await claimed.context().cookies()
  const [bytes, views, editors, saves, insights] = [[], [], [], [], []]
  let size = 0
  for (let i = 0; i < TRIES; i++) {
    const page = await open(browser, site.base)
    await page.context().addCookies(cookies)
    views.push(await timeFirstView(page))
    bytes.push(await page.evaluate(() => performance.getEntriesByType('navigation')[0].responseStart))
    size = await transferred(page)
    await page.goto('/zones')
    editors.push(await until(page, '.plane polygon', ZONES))
    await page.click('.tools button:has-text("Add a rectangle")')
    saves.push(await until(page, '.notice.good', 1, '.savebar .main'))
    await page.goto('/insight')
    insights.push(await until(page, '.report .scroll tbody tr', Math.min(ZONES, 200)))
    await page.context().close()
  }
  console.log(`load ${loadavg()[0].toFixed(1)} on ${cpus().length} processors, ${ZONES} zones`)
  told('first byte', bytes)
  told('first view usable', views)
  told('zone editor', editors)
  told('zones saved', saves)
  told('Insight, today', insights)
  console.log(`transfer             ${(size / 1000).toFixed(0)} kB compressed`)
} finally {
  await browser.close()
  await end(site)
  rmSync(folder, { recursive: true, force: true })
}
