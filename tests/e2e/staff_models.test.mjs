// SPDX-License-Identifier: Apache-2.0
// Models that come from elsewhere, or are for one camera, in the page of a running program: a classifier of one's own, a ReID
// model beside the colours, "Used on", and what is told when a model does not fit any more. The film is that of staff_film.py.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { PROGRAM, ROOT, claim, end, launch, open, screenshot, serve } from './browser.mjs'
import { reddestFirst, until } from './staff_people.mjs'

const OF_A_KIND = 6
const CAMERAS = ['door', 'hall', 'till']
const CONFIG = `site: Corner shop
time_zone: Europe/Berlin
data: data
listen: 127.0.0.1:0
model: person.onnx
staff_reid: looks.onnx
cameras:
${CAMERAS.map((name) => `  - {name: ${name}, source: film.y4m, loop: true}`).join('\n')}
`
const ZONES = { zones: [{ name: 'shop', polygon: [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]] }], lines: [] }

describe('staff models of one\'s own', () => {
  let folder, data, site, browser, page
  const api = (address) => page.evaluate(async (to) => (await fetch(`/api/v1${to}`)).json(), address)
  const add = (file) => /'?([\w-]+-[0-9a-f]{8})'?/.exec(execFileSync(PROGRAM, ['staff', 'add', path.join(folder, file), '--data', data], { encoding: 'utf8' }))[1]
  const use = async (name) => {
    await page.click(`[data-model="${name}"] button:has-text("Use it")`)
    await page.waitForSelector(`[data-model="${name}"] em:has-text("in use")`)
  }
  const usedOn = (camera) => page.selectOption('label:has-text("Used on") select', camera)
  const staffVisits = async () => (await api('/visits?role=staff&limit=1000')).visits
  let vest

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'dwell-staff-'))
    data = path.join(folder, 'data')
    mkdirSync(path.join(data, 'zones'), { recursive: true })
    execFileSync('/usr/bin/python3', [path.join(ROOT, 'tests/e2e/staff_film.py'), folder])
    writeFileSync(path.join(folder, 'dwell.yaml'), CONFIG)
    for (const camera of CAMERAS) writeFileSync(path.join(data, `zones/${camera}.json`), JSON.stringify(ZONES))
    site = await serve(folder)
    browser = await launch()
    page = await open(browser, site.base)
    await claim(page, site, '.stage')
    vest = add('vest.onnx')
    await page.click('nav a:has-text("Staff")')
    await page.waitForSelector(`[data-model="${vest}"]`)
  })
  after(async () => {
    await browser?.close()
    if (site) await end(site)
    rmSync(folder, { recursive: true, force: true })
  })

  const mark = async (people, role) => {
    const answer = await page.evaluate(async (body) => {
      const { csrf } = await (await fetch('/api/v1/session')).json()
      const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }
      return (await fetch('/api/v1/staff/marks', { method: 'POST', headers, body: JSON.stringify(body) })).status
    }, { people: people.map(String), role })
    assert.equal(answer, 204)
  }

  it('are tried on those who were seen before, with figures by marks, before they are used', async () => {
    await page.waitForFunction((n) => document.querySelectorAll('.tile').length >= n, 4 * OF_A_KIND)
    const people = await reddestFirst(page)
    await mark(people.slice(0, OF_A_KIND), 'staff')
    await mark(people.slice(-OF_A_KIND), 'shopper')
    await page.waitForSelector(`text=${OF_A_KIND} marked as staff, ${OF_A_KIND} as shoppers`)
    assert.equal((await api('/staff')).in_use, '')
    await page.click(`[data-model="${vest}"] button:has-text("What would change")`)
    const byMarks = page.locator(`[data-model="${vest}"] table:has(caption:has-text("By ${OF_A_KIND} people marked as staff"))`)
    await byMarks.waitFor()
    const figures = await byMarks.locator('tbody td').allTextContents()
    assert.deepEqual(figures, ['–', '100 %', '0 %', '100 %', '0 %', '0 %'], 'nothing is in use, and then')
    const { roles } = await api(`/staff/models/${vest}/preview`)
    assert.ok(roles.find(({ now, then }) => now === 'unknown' && then === 'staff').people >= OF_A_KIND)
    await screenshot(page, 'staff-classifier')
  })

  it('are used on one camera alone, and taken back there', async () => {
    await usedOn('till')
    await use(vest)
    const visits = await until(staffVisits, (found) => found.some(({ role_p: p }) => p < 1))
    assert.deepEqual([...new Set(visits.filter(({ role_p: p }) => p < 1).map(({ camera }) => camera))], ['till'])
    assert.deepEqual((await api('/staff')).own, [{ camera: 'till', model: vest }])
    await page.click('text=Back to the one before')
    await until(() => api('/staff'), ({ own }) => own.length === 0)
  })

  it('stand beside ones that are trained with a ReID model', async () => {
    await page.click('text=Train a model')
    await page.waitForSelector('.notice.good:has-text("is trained"), #staff-train ~ .notice.bad')
    const name = (await api('/staff')).training.detail
    const model = JSON.parse(readFileSync(path.join(data, `staff/models/${name}.json`), 'utf8'))
    assert.equal(model.looks, 'colours+looks.onnx')
    await page.click(`[data-model="${name}"] button:has-text("What would change")`)
    await page.selectOption(`[data-model="${name}"] label:has-text("Compared with") select`, vest)
    await page.waitForSelector(`[data-model="${name}"] table:last-of-type tbody tr:has(td:first-child:has-text("Staff"))`)
    await screenshot(page, 'staff-compared')
    await usedOn('')
    await use(name)
    await until(staffVisits, (found) => found.some(({ camera, role_p: p }) => p < 1 && camera === 'door'))
    /* As if nobody had looked like staff in training. */
    writeFileSync(path.join(folder, 'odd.json'), JSON.stringify({ ...model, spread: [100, 0, 0, 0, 0, 0, 0, 0, 0, 0] }))
  })

  it('ask for new labels when people look otherwise than in training', async () => {
    const odd = add('odd.json')
    await page.waitForSelector(`[data-model="${odd}"]`)
    await use(odd)
    await page.waitForSelector('.notice.bad:has-text("has the uniform changed?")', { timeout: 60_000 })
    await screenshot(page, 'staff-drift')
  })
})
