// SPDX-License-Identifier: Apache-2.0
// The page and the program together: `dwell serve` on the sample video, from the claim link on.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { DARK, PASSWORD, PHONE, PROGRAM, VIDEO, assertAccessible, assertClean, assertFits, claim, end, idle, launch, open, screenshot, serve, timeFirstView, transferred } from './browser.mjs'

const VIEWS = {
  live: '/', zones: '/zones', today: '/insight', displays: '/insight/displays', funnel: '/insight/funnel', dwell: '/insight/dwell',
  compare: '/insight/compare', week: '/insight/week', map: '/insight/map', flow: '/insight/flow', staffing: '/insight/staffing',
  promotions: '/promotions', system: '/system', cameras: '/system/cameras', config: '/system/config', users: '/system/users',
  tokens: '/system/tokens', audit: '/system/audit',
}
const CONFIG = `# Our shop
site: Corner shop
time_zone: Europe/Berlin
data: data
listen: 127.0.0.1:0
privacy: {pictures: on}
cameras:
  - name: entrance          # over the door
    source: ${VIDEO}
    loop: true
`
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
const weekStart = 28 + ((new Date(`${day(28)}T00:00:00Z`).getUTCDay() + 6) % 7) // a Monday, four weeks ago

describe('dwell serve', { skip: existsSync(VIDEO) ? false : `no sample video at ${VIDEO}: run tools/setup` }, () => {
  let folder, site, browser, page, state
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'dwell-serve-'))
    mkdirSync(path.join(folder, 'data'))
    writeFileSync(path.join(folder, 'dwell.yaml'), CONFIG)
    const store = path.join(folder, 'data/dwell.db')
    execFileSync(PROGRAM, ['simulate', '--store', store, '--start', day(weekStart), '--days', '28'], { stdio: 'ignore' })
    site = await serve(folder)
    browser = await launch()
    page = await open(browser, site.base)
  })
  after(async () => {
    await browser?.close()
    if (site) await end(site)
    rmSync(folder, { recursive: true, force: true })
  })

  it('is claimed by its link, once', async () => {
    await claim(page, site, '.stage', async () => {
      await assertAccessible(page, 'claim')
      await screenshot(page, 'claim-desktop')
    })
    state = await page.context().storageState()
    const second = await open(browser, site.base)
    await second.goto(site.claim)
    await second.waitForSelector('text=Somebody has claimed this site already')
    await second.context().close()
  })

  it('lets a person draw a zone and see people counted in it', async () => {
    await page.click('.stage a:has-text("Draw one")')
    await page.click('text=Draw a zone')
    await page.waitForFunction(() => document.querySelector('.edit-frame img')?.naturalWidth > 0)
    const box = await page.locator('.plane').boundingBox()
    for (const [x, y] of [[0.15, 0.3], [0.9, 0.3], [0.9, 0.85], [0.15, 0.85], [0.15, 0.3]])
      await page.mouse.click(box.x + x * box.width, box.y + y * box.height)
    await page.fill('form[aria-label=zone] input[type=text]', 'path')
    await page.click('.colors label:nth-of-type(2)')
    await page.click('.savebar .main')
    await page.waitForSelector('text=Saved. Measuring goes on')
    await page.click('nav a:has-text("Live")')
    await page.waitForSelector('.person.inside .clock')
    const clocks = page.locator('.clock')
    const first = await clocks.first().textContent()
    await page.waitForFunction((text) => document.querySelector('.clock')?.textContent !== text, first)
    await page.waitForFunction(() => Number(document.querySelector('[data-zone="path"] .now b')?.textContent) > 0, null, { timeout: 90_000 })
  })

  it('shows a visit within a second of its event', async () => {
    await page.evaluate(() => {
      window.heard = []
      window.shown = []
      new EventSource('/api/v1/events').addEventListener('visit', () => window.heard.push(Date.now()))
      const list = document.querySelector('[aria-label="What just happened"]')
      let known = list.querySelectorAll('.visit').length
      new MutationObserver(() => {
        const now = list.querySelectorAll('.visit').length
        for (; known < now; known++) window.shown.push(Date.now())
      }).observe(list, { childList: true, subtree: true })
    })
    await page.waitForFunction(() => window.heard.length > 0 && window.shown.length > 0, null, { timeout: 120_000 })
    const delay = await page.evaluate(() => window.shown[0] - window.heard[0])
    console.log(`a visit is shown ${delay} ms after its event came by another connection`)
    assert.ok(Math.abs(delay) < 1000, `${delay} ms`)
    await screenshot(page, 'live-serve')
  })

  it('measures the last hours again before a zone is saved', async () => {
    await page.goto('/zones')
    await page.click('.entry:has-text("path")')
    await page.click('button:has-text("Measure")')
    const row = page.locator('tr:has(th:has-text("path"))')
    await row.waitFor()
    assert.ok(Number.parseInt(await row.locator('td').first().textContent(), 10) > 0)
  })

  it('compares two periods', async () => {
    const [a, b] = [weekStart, weekStart - 14].map((ago) => `${day(ago)}..${day(ago - 13)}`)
    await page.goto(`/insight/compare?camera=simulated&mode=periods&a=${a}&b=${b}`)
    await page.waitForSelector('.compared .verdict')
    assert.equal(await page.locator('h2:has-text("Footfall")').count(), 1)
    await page.waitForSelector('text=These visits were made up by dwell simulate')
  })

  it('exports what it shows', async () => {
    await page.goto(`/insight/funnel?camera=simulated&from=${day(weekStart)}&to=${day(1)}`)
    await page.waitForSelector('.funnel')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Export CSV')])
    const [heading, ...rows] = readFileSync(await download.path(), 'utf8').trim().split('\r\n')
    const at = heading.split(',').indexOf('visits')
    const total = rows.reduce((sum, row) => sum + Number(row.split(',')[at]), 0)
    const shown = await page.locator('.report td.number:nth-child(4)').allTextContents()
    assert.ok(total > 1000)
    assert.equal(total, shown.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0))
  })

  it('exports of today what it shows', async () => {
    await page.goto('/insight')
    await page.locator('.report .scroll tbody tr').first().waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Export CSV')])
    const [heading, ...rows] = readFileSync(await download.path(), 'utf8').trim().split('\r\n')
    assert.match(heading, /^camera,zone,occupancy,visits,usual,.*,coverage,simulated$/)
    assert.equal(rows.length, await page.locator('.report .scroll tbody tr').count())
  })

  it('notes a promotion and says in one click whether it helped', async () => {
    await page.goto('/promotions')
    await page.click('.heading button:has-text("New promotion")')
    await page.fill('dialog input[type=text]', 'Tasting')
    await page.fill('dialog input[type=date] >> nth=0', day(weekStart - 14))
    await page.fill('dialog input[type=date] >> nth=1', day(weekStart - 27))
    await page.click('dialog button:has-text("Save")')
    await page.click('.card:has-text("Tasting") a:has-text("Did it help?")')
    await page.waitForSelector('.compared .verdict')
  })

  it('edits its configuration: comments stay, mistakes are told by line', async () => {
    await page.goto('/system/config')
    const text = await page.inputValue('textarea')
    await page.fill('textarea', text.replace('time_zone:', 'timezone:'))
    await page.click('.row .main:has-text("Save")')
    await page.waitForSelector('.notice.bad button.link:has-text("Line 3")')
    await page.fill('textarea', text.replace('site: Corner shop', 'site: Corner store'))
    await page.click('.row .main:has-text("Save")')
    await page.waitForSelector('text=Saved and in use')
    const kept = readFileSync(path.join(folder, 'dwell.yaml'), 'utf8')
    assert.equal(kept, CONFIG.replace('site: Corner shop', 'site: Corner store'))
  })

  it('refuses by role', async () => {
    await page.goto('/system/users')
    await page.fill('[name=name]', 'bo')
    await page.fill('[name=password]', PASSWORD)
    await page.click('button:has-text("Add a user")')
    await page.waitForSelector('li:has-text("bo")')
    const viewer = await open(browser, site.base)
    await viewer.goto('/system/config')
    await viewer.fill('[name=name]', 'bo')
    await viewer.fill('[name=password]', PASSWORD)
    await viewer.click('button:has-text("Sign in")')
    await viewer.waitForSelector('h1:has-text("System")')
    assert.equal(await viewer.locator('textarea').count(), 0)
    await viewer.goto('/zones')
    await viewer.waitForSelector('text=You may look, but not change')
    const statuses = await viewer.evaluate(async () => {
      const { csrf } = await (await fetch('/api/v1/session')).json()
      const send = async (method, address, token) => {
        const headers = { 'Content-Type': 'application/json', ...(token ? { 'X-CSRF-Token': token } : {}) }
        return (await fetch(`/api/v1${address}`, { method, headers, ...(method === 'GET' ? {} : { body: '{}' }) })).status
      }
      return [await send('PUT', '/cameras/entrance/layout', csrf), await send('GET', '/config', csrf), await send('DELETE', '/session', null)]
    })
    assert.deepEqual(statuses, [403, 403, 403])
    await viewer.context().close()
  })

  for (const [look, options] of Object.entries({ phone: PHONE, dark: DARK, desktop: {} }))
    it(`is accessible in each view: ${look}`, async () => {
      const visitor = await open(browser, site.base, { viewport: { width: 1360, height: 860 }, ...options, storageState: state })
      for (const [name, address] of Object.entries(VIEWS)) {
        await visitor.goto(address)
        await visitor.waitForSelector('main h1, main h2')
        await visitor.waitForTimeout(800)
        await assertAccessible(visitor, name)
        await assertFits(visitor, name)
        await screenshot(visitor, `${name}-${look}`)
      }
      assertClean(visitor, site.base)
      await visitor.context().close()
    })

  it('is small and soon there', async () => {
    const visitor = await open(browser, site.base, { viewport: { width: 1360, height: 860 }, storageState: state })
    const ms = await timeFirstView(visitor)
    const bytes = await transferred(visitor)
    console.log(`first view usable after ${ms} ms, ${(bytes / 1000).toFixed(0)} kB compressed`)
    assert.ok(bytes < 500_000, `${bytes} bytes`)
    if (idle()) assert.ok(ms < 1000, `${ms} ms`)
    assertClean(visitor, site.base)
    await visitor.context().close()
  })
})
