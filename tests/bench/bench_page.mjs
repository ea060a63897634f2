// SPDX-License-Identifier: Apache-2.0
// How soon the page is there: `make bench-page`. The program measures the sample video meanwhile, as it
// does in a shop; each try is a browser that has nothing kept.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { VIDEO, claim, end, launch, open, serve, timeFirstView, transferred } from '../e2e/browser.mjs'

const TRIES = 11
const ZONE = [[0.1, 0.4], [0.9, 0.4], [0.9, 0.9], [0.1, 0.9], [0.1, 0.4]]
const CONFIG = `site: Bench\ndata: data\nlisten: 127.0.0.1:0\ncameras:\n  - {name: door, source: ${VIDEO}, loop: true, zones: door.json}\n`

const told = (name, values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const ms = (value) => `${value.toFixed(0)} ms`
  console.log(`${name.padEnd(20)} median ${ms(sorted[sorted.length >> 1])}, from ${ms(sorted[0])} to ${ms(sorted.at(-1))} of ${sorted.length}`)
}

const folder = mkdtempSync(path.join(tmpdir(), 'dwell-page-'))
writeFileSync(path.join(folder, 'dwell.yaml'), CONFIG)
writeFileSync(path.join(folder, 'door.json'), JSON.stringify({ zones: [{ name: 'way', polygon: ZONE }] }))
const site = await serve(folder)
const browser = await launch()
try {
  const claimed = await open(browser, site.base)
  await claim(claimed, site, '.zone-row, .stage')
  const cookies = await claimed.context().cookies()
  const [bytes, views] = [[], []]
  let size = 0
  for (let i = 0; i < TRIES; i++) {
    const page = await open(browser, site.base)
    await page.context().addCookies(cookies)
    views.push(await timeFirstView(page))
    bytes.push(await page.evaluate(() => performance.getEntriesByType('navigation')[0].responseStart))
    size = await transferred(page)
    await page.context().close()
  }
  console.log(`load ${loadavg()[0].toFixed(1)} on ${cpus().length} processors`)
  told('first byte', bytes)
  told('first view usable', views)
  console.log(`transfer             ${(size / 1000).toFixed(0)} kB compressed`)
} finally {
  await browser.close()
  await end(site)
  rmSync(folder, { recursive: true, force: true })
}
