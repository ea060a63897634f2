// SPDX-License-Identifier: Apache-2.0
// Staff told from shoppers by a running program: from marks by hand to figures without staff, and back. Whose shirt is red is
// staff in the film of staff_film.py, where sixteen people come every seven seconds.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ROOT, assertAccessible, assertFits, claim, end, launch, open, screenshot, serve } from './browser.mjs'
import { reddestFirst, until } from './staff_people.mjs'

const OF_A_KIND = 6
const CONFIG = `site: Corner shop
time_zone: Europe/Berlin
data: data
listen: 127.0.0.1:0
model: person.onnx
cameras:
  - {name: entrance, source: film.y4m, loop: true}
`
const ZONES = { zones: [{ name: 'shop', polygon: [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]] }], lines: [] }

const filesOf = (folder) => (existsSync(folder) ? readdirSync(folder) : [])

describe('staff', () => {
  let folder, site, browser, page
  const api = (address) => page.evaluate(async (to) => (await fetch(`/api/v1${to}`)).json(), address)
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'dwell-staff-'))
    mkdirSync(path.join(folder, 'data/zones'), { recursive: true })
    execFileSync('/usr/bin/python3', [path.join(ROOT, 'tests/e2e/staff_film.py'), folder])
    writeFileSync(path.join(folder, 'dwell.yaml'), CONFIG)
    writeFileSync(path.join(folder, 'data/zones/entrance.json'), JSON.stringify(ZONES))
    site = await serve(folder)
    browser = await launch()
    page = await open(browser, site.base)
    await claim(page, site, '.stage')
  })
  after(async () => {
    await browser?.close()
    if (site) await end(site)
    rmSync(folder, { recursive: true, force: true })
  })

  it('keeps people on disk only in a set', async () => {
    await page.click('nav a:has-text("Staff")')
    await page.waitForSelector('.tile img', { timeout: 60_000 })
    assert.deepEqual(filesOf(path.join(folder, 'data/staff')), [])
    await page.fill('input[pattern]', 'monday')
    await page.click('text=Begin a set')
    await page.waitForSelector('text=people are kept until')
    const list = path.join(folder, 'data/staff/sets/monday/set.jsonl')
    assert.equal(statSync(list).mode & 0o777, 0o600)
    await assertAccessible(page, 'staff')
  })

  /** The reddest of those seen are staff, the least red shoppers. */
  const mark = async () => {
    const ids = await reddestFirst(page)
    for (const [chosen, button] of [[ids.slice(0, OF_A_KIND), 'Staff (S)'], [ids.slice(-OF_A_KIND), 'Shopper (C)']]) {
      for (const id of chosen) await page.click(`.card > div .tile[data-id="${id}"], .card > .tiles .tile[data-id="${id}"]`)
      await page.waitForSelector('text=These look alike')
      await page.click(`button:has-text("${button}")`)
      await page.waitForSelector('text=0 chosen')
    }
  }

  it('marks many at once and shows who looks alike', async () => {
    await page.waitForFunction((n) => document.querySelectorAll('.tile').length >= n, 2 * OF_A_KIND)
    await mark()
    await page.waitForSelector(`text=${OF_A_KIND} marked as staff, ${OF_A_KIND} as shoppers`)
    await screenshot(page, 'staff-marked')
  })

  it('marks two tracks as one person', async () => {
    const tiles = page.locator('.tiles[aria-label="People"] .tile')
    const two = await page.locator('.tiles[aria-label="People"] .tile.staff').evaluateAll((all) => all.slice(0, 2).map((tile) => tile.dataset.id))
    for (const id of two) await page.click(`.tiles[aria-label="People"] .tile[data-id="${id}"]`)
    await page.check('text=all of them are one person')
    await page.click('button:has-text("Staff (S)")')
    const joined = tiles.filter({ hasText: 'one person' })
    await joined.nth(1).waitFor()
    assert.deepEqual(await joined.evaluateAll((all) => all.map((tile) => tile.dataset.id)), two)
    assert.equal(new Set(await joined.allTextContents()).size, 1, 'the same one')
    await page.waitForSelector(`text=${OF_A_KIND} marked as staff, ${OF_A_KIND} as shoppers`)
  })

  it('trains a model and says how good it is, or what it would change', async () => {
    await page.check('text=learn the clothes in other lights')
    const asked = page.waitForRequest((request) => request.url().includes('/staff/train'))
    await page.click('text=Train a model')
    assert.match((await asked).url(), /[?]lights=$/)
    await page.waitForSelector('.notice.good:has-text("is trained"), #staff-train ~ .notice.bad')
    const refused = await page.locator('#staff-train ~ .notice.bad').count()
    assert.equal(refused, 0, (await page.locator('.notice.bad').allTextContents()).join(' '))
    await page.click('[data-model] button:has-text("What would change")')
    await page.waitForSelector('[data-model] table caption')
    assert.ok((await page.locator('[data-model] tbody tr').count()) >= 2)
    const visits = (await api('/visits?limit=1000')).visits
    assert.ok(visits.every((visit) => visit.role === 'unknown' || visit.role_p === 1), 'only those marked by hand have a role yet')
    await screenshot(page, 'staff-model')
  })

  /** Visits of today, as a report counts them. */
  const counted = async (more) => {
    const day = (after) => new Date(Date.now() + after * 86_400_000).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' })
    const report = await api(`/reports/summary?from=${day(0)}&to=${day(1)}${more}`)
    return report.zones[0].visits
  }

  /** From now on, roles that are told of visits that ended before; call what it gives for those so far. */
  const followRoles = async () => {
    await page.evaluate(() => {
      const stream = new EventSource('/api/v1/events')
      globalThis.rolesTold = []
      stream.addEventListener('role', ({ data }) => globalThis.rolesTold.push(JSON.parse(data)))
      return new Promise((done) => (stream.onopen = done))
    })
    return () => page.evaluate(() => globalThis.rolesTold)
  }

  it('takes staff out of the figures as soon as a model is used', async () => {
    await page.click('[data-model] button:has-text("Use it")')
    await page.waitForSelector('[data-model] em:has-text("in use")')
    const [visit] = await until(async () => (await api('/visits?role=staff')).visits, (visits) => visits.length > 0)
    assert.ok((await counted('')) < (await counted('&staff=true')))
    const before = await counted('')
    const told = await followRoles()
    await page.selectOption(`[data-visit="${visit.id}"] select`, 'shopper')
    await until(() => counted(''), (count) => count > before)
    const heard = await until(told, (roles) => roles.some(({ id }) => id === visit.id))
    const { zone, enter, before: was, role, role_p: p, why } = heard.find(({ id }) => id === visit.id)
    assert.deepEqual([zone, enter, was, role, p, why], [visit.zone, visit.enter, 'staff', 'shopper', 1, 'hand'])
    const { entries } = await api('/audit')
    assert.ok(entries.some(({ detail }) => detail === `visit ${visit.id} is shopper`))
    assert.equal((await api('/staff')).shoppers, OF_A_KIND + 1)
    assert.ok((await api('/visits?role=staff')).visits.every(({ id }) => id !== visit.id))
  })

  it('goes back to what was in use before', async () => {
    await page.click('text=Back to the one before')
    await page.waitForSelector('text=No model is in use')
    assert.equal((await api('/staff')).in_use, '')
  })

  it('leaves nothing of a deleted set on disk', async () => {
    await until(() => filesOf(path.join(folder, 'data/staff/sets/monday')), (files) => files.length > 2)
    await page.click('section:has(#staff-set) button:has-text("Delete")')
    await page.click('text=Delete the set')
    await page.waitForSelector('text=Begin a set')
    assert.deepEqual(filesOf(path.join(folder, 'data/staff/sets')), [])
    assert.equal(filesOf(path.join(folder, 'data/staff/models')).length, 1)
    await assertFits(page, 'staff')
  })
})
