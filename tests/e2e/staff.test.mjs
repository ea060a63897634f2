// SPDX-License-Identifier: Apache-2.0
// Staff told from shoppers by a running program: from marks by hand to figures without staff, and back. Those in dark clothes
// are the staff of the sample video.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { VIDEO, assertAccessible, assertFits, launch, open, screenshot, serve } from './browser.mjs'

const OF_A_KIND = 9
const CONFIG = `site: Corner shop
time_zone: Europe/Berlin
data: data
listen: 127.0.0.1:0
cameras:
  - {name: entrance, source: ${VIDEO}, loop: true}
`
const ZONES = { zones: [{ name: 'path', polygon: [[0.05, 0.15], [0.95, 0.15], [0.95, 0.95], [0.05, 0.95], [0.05, 0.15]] }], lines: [] }

const filesOf = (folder) => (existsSync(folder) ? readdirSync(folder) : [])

describe('staff', { skip: existsSync(VIDEO) ? false : `no sample video at ${VIDEO}: run tools/setup` }, () => {
  let folder, site, browser, page
  const api = (address) => page.evaluate(async (to) => (await fetch(`/api/v1${to}`)).json(), address)
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'dwell-staff-'))
    mkdirSync(path.join(folder, 'data/zones'), { recursive: true })
    writeFileSync(path.join(folder, 'dwell.yaml'), CONFIG)
    writeFileSync(path.join(folder, 'data/zones/entrance.json'), JSON.stringify(ZONES))
    site = await serve(folder)
    browser = await launch()
    page = await open(browser, site.base)
    await page.goto(site.claim)
    await page.fill('[name=name]', 'ana')
    await page.fill('[name=password]', 'a long enough password')
    await page.click('button:has-text("Claim the site")')
    await page.waitForSelector('.stage')
  })
  after(async () => {
    await browser?.close()
    if (site) {
      const ended = new Promise((done) => site.program.on('exit', done))
      site.program.kill('SIGINT')
      await ended
    }
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

  /** The darkest of those seen are staff, the brightest shoppers. */
  const mark = async () => {
    const people = (await api('/staff/people?limit=300')).people.map(({ id }) => id)
    const ids = await page.evaluate(async (all) => {
      const light = async (id) => {
        const picture = await createImageBitmap(await (await fetch(`/api/v1/staff/people/${id}/tile`)).blob())
        const canvas = new OffscreenCanvas(1, 1).getContext('2d')
        const { width: w, height: h } = picture
        canvas.drawImage(picture, w * 0.3, h * 0.22, w * 0.4, h * 0.25, 0, 0, 1, 1)
        const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data
        return { id, value: r + g + b }
      }
      return (await Promise.all(all.map(light))).sort((a, b) => a.value - b.value).map(({ id }) => id)
    }, people)
    for (const [chosen, button] of [[ids.slice(0, OF_A_KIND), 'Staff (S)'], [ids.slice(-OF_A_KIND), 'Shopper (C)']]) {
      for (const id of chosen) await page.click(`.card > div .tile[data-id="${id}"], .card > .tiles .tile[data-id="${id}"]`)
      await page.waitForSelector('text=These look alike')
      await page.click(`button:has-text("${button}")`)
      await page.waitForSelector('text=0 chosen')
    }
  }

  it('marks many at once and shows who looks alike', async () => {
    await page.waitForFunction((n) => document.querySelectorAll('.tile').length >= n, 3 * OF_A_KIND, { timeout: 180_000 })
    await mark()
    await page.waitForSelector(`text=${OF_A_KIND} marked as staff, ${OF_A_KIND} as shoppers`)
    await screenshot(page, 'staff-marked')
  })

  it('trains a model and says how good it is, or what it would change', async () => {
    await page.click('text=Train a model')
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

  it('takes staff out of the figures as soon as a model is used', async () => {
    await page.click('[data-model] button:has-text("Use it")')
    await page.waitForSelector('[data-model] em:has-text("in use")')
    for (let s = 0; s < 120 && (await api('/visits?role=staff')).visits.length === 0; s++) await new Promise((done) => setTimeout(done, 1000))
    const [visit] = (await api('/visits?role=staff')).visits
    const count = async () => (await api('/visits?role=shopper&limit=1000')).visits.length
    const before = await count()
    const answer = await page.evaluate(async ({ id, camera, enter }) => {
      const { csrf } = await (await fetch('/api/v1/session')).json()
      const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }
      return (await fetch(`/api/v1/visits/${id}/role`, { method: 'POST', headers, body: JSON.stringify({ camera, enter, role: 'shopper' }) })).status
    }, visit)
    assert.equal(answer, 204)
    assert.ok((await count()) > before)
    assert.ok((await api('/visits?role=staff')).visits.every(({ id }) => id !== visit.id))
  })

  it('goes back to what was in use before', async () => {
    await page.click('text=Back to the one before')
    await page.waitForSelector('text=No model is in use')
    assert.equal((await api('/staff')).in_use, '')
  })

  it('leaves nothing of a deleted set on disk', async () => {
    assert.ok(filesOf(path.join(folder, 'data/staff/sets/monday')).length > 2)
    await page.click('section:has(#staff-set) button:has-text("Delete")')
    await page.click('text=Delete the set')
    await page.waitForSelector('text=Begin a set')
    assert.deepEqual(filesOf(path.join(folder, 'data/staff/sets')), [])
    assert.equal(filesOf(path.join(folder, 'data/staff/models')).length, 1)
    await assertFits(page, 'staff')
  })
})
