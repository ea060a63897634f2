// SPDX-License-Identifier: Apache-2.0
// The page before a stand-in: all views, in all looks, and what seldom happens in a shop.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, afterEach, before, describe, it } from 'node:test'
import { DARK, DESKTOP, DIST, PHONE, PROGRAM, assertAccessible, assertClean, assertFits, idle, launch, open, screenshot, timeFirstView, transferred } from './browser.mjs'
import { Mock, simulate } from './mock.mjs'

const VIEWS = {
  live: '/', zones: '/zones', today: '/insight', displays: '/insight/displays', funnel: '/insight/funnel',
  compare: '/insight/compare?mode=periods&a=2026-01-05..2026-01-17&b=2026-01-19..2026-01-31', dwell: '/insight/dwell', week: '/insight/week',
  map: '/insight/map', flow: '/insight/flow', staffing: '/insight/staffing', promotions: '/promotions', system: '/system',
  cameras: '/system/cameras', config: '/system/config', users: '/system/users', tokens: '/system/tokens', audit: '/system/audit', privacy: '/system/privacy',
}
const moment = (seconds) => ({
  camera: 'entrance', time: new Date().toISOString(),
  people: [
    { person: 7, box: [0.38, 0.3, 0.07, 0.3], anchor: [0.415, 0.6], role: 'shopper', zones: [{ zone: 'promo table', seconds }] },
    { person: 8, box: [0.5, 0.35, 0.08, 0.32], anchor: [0.54, 0.67], role: 'shopper', zones: [] },
  ],
  occupancy: [{ zone: 'promo table', count: 1 }],
})
const visit = (dwell) => ({ camera: 'entrance', zone: 'promo table', person: 7, enter: '2026-11-25T10:00:00Z', exit: '2026-11-25T10:00:12Z', dwell_s: dwell })

let browser, simulated
let mocks = []
const mock = async (options = {}) => {
  const started = await new Mock({ dist: DIST, program: PROGRAM, store: simulated.store, ...options }).start()
  mocks.push(started)
  return started
}
before(async () => {
  simulated = simulate(PROGRAM)
  browser = await launch()
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  mocks.forEach((started) => started.stop())
  mocks = []
})
after(async () => {
  await browser.close()
  simulated.remove()
})

describe('each view', () => {
  for (const [look, options] of Object.entries({ desktop: DESKTOP, phone: PHONE, dark: DARK }))
    it(`is accessible, asks nobody else and fits: ${look}`, async () => {
      const shop = await mock()
      const page = await open(browser, shop.base, options)
      for (const [name, address] of Object.entries(VIEWS)) {
        await page.goto(address)
        await page.waitForSelector('main h1, main h2')
        await page.waitForLoadState('load')
        shop.emit('moment', moment(12.3))
        if (name === 'zones') await page.locator('.entry').first().click()
        await page.waitForTimeout(250)
        await assertAccessible(page, name)
        await assertFits(page, name)
        await screenshot(page, `${name}-${look}`)
      }
      assertClean(page, shop.base)
    })
  it('is small and quick', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    const ms = await timeFirstView(page)
    const bytes = await transferred(page)
    console.log(`first view usable after ${ms} ms, ${(bytes / 1000).toFixed(0)} kB compressed (stand-in)`)
    assert.ok(bytes < 500_000, `${bytes} bytes`)
    if (idle()) assert.ok(ms < 1000, `${ms} ms`)
  })
})

describe('live', () => {
  it('counts seconds on people and in figures, and says what happened', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/')
    await page.waitForSelector('.zone-row')
    await page.waitForSelector('.link-state.on')
    shop.emit('moment', moment(4.2))
    await page.waitForSelector('.clock:has-text("4.2 s")')
    shop.emit('moment', moment(4.4))
    await page.waitForSelector('.clock:has-text("4.4 s")')
    const visits = page.locator('[data-zone="promo table"] .visits b')
    assert.equal(await visits.textContent(), '142')
    shop.emit('visit', visit(12.5), 1)
    await page.waitForSelector('.lately .visit:has-text("promo table: stayed 12.5 s")')
    assert.equal(await visits.textContent(), '143')
    shop.emit('occupancy', { kind: 'occupancy', camera: 'entrance', zone: 'promo table', people: 5 })
    await page.waitForSelector('[data-zone="promo table"] .now b:has-text("5")')
    shop.emit('alert', { kind: 'alert_raised', camera: 'entrance', zone: 'shelf', rule: 'queue', people: 4, time: '2026-11-25T10:00:12Z' }, 2)
    await page.waitForSelector('.lately .alert:has-text("shelf: 4 people wait")')
    assertClean(page, shop.base)
  })
  it('shows times of the site, not of the browser', async () => {
    const shop = await mock({ timeZone: 'Asia/Kolkata' })
    const page = await open(browser, shop.base)
    await page.goto('/')
    await page.waitForSelector('.link-state.on')
    shop.emit('visit', visit(12.5), 1)
    assert.equal(await page.locator('.lately .visit time').textContent(), '15:30:12')
  })
  it('shows no picture when pictures are off', async () => {
    const shop = await mock({ privacy: 'off' })
    const page = await open(browser, shop.base)
    await page.goto('/')
    await page.waitForSelector('text=Pictures are off for privacy')
    assert.equal(await page.locator('.frame img').count(), 0)
    assert.equal(shop.requests.some((r) => r.path.endsWith('/snapshot')), false)
  })
  it('is right with a thousand zones, and stays quick', async () => {
    const shop = await mock({ zones: 1000 })
    const page = await open(browser, shop.base)
    await page.goto('/')
    await page.waitForSelector('text=and 900 more')
    await page.fill('input[type=search]', 'zone 777')
    await page.waitForSelector('[data-zone="zone 777"]')
    assert.equal(await page.locator('.zone-row').count(), 1)
    await page.fill('input[type=search]', '')
    const started = Date.now()
    for (let i = 1; i <= 20; i++) shop.emit('moment', { ...moment(i), occupancy: shop.layout.zones.map((z) => ({ zone: z.name, count: i })) })
    await page.waitForSelector('.clock:has-text("20.0 s")')
    const each = (Date.now() - started) / 20
    console.log(`a moment of 1000 zones is drawn in ${each.toFixed(0)} ms`)
    if (idle()) assert.ok(each < 100, `${each} ms`)
    await page.goto('/zones')
    await page.fill('input[type=search]', 'zone 999')
    await page.click('.entry:has-text("zone 999")')
    await page.waitForSelector('.handle.corner')
    assertClean(page, shop.base)
  })
})

describe('zones', () => {
  const corners = (page) => page.locator('.handle.corner')
  it('are drawn with the mouse, undone, copied and saved', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/zones')
    await page.click('text=Draw a zone')
    const box = await page.locator('.plane').boundingBox()
    const click = (x, y) => page.mouse.click(box.x + x * box.width, box.y + y * box.height)
    for (const [x, y] of [[0.1, 0.5], [0.3, 0.5], [0.3, 0.8], [0.1, 0.8], [0.1, 0.5]]) await click(x, y)
    await page.waitForSelector('.entry:has-text("zone 1")')
    assert.equal(await corners(page).count(), 4)
    await page.fill('form[aria-label=zone] input[type=text]', 'till')
    const corner = await corners(page).first().boundingBox()
    await page.mouse.move(corner.x + 5, corner.y + 5)
    await page.mouse.down()
    await page.mouse.move(corner.x + 45, corner.y + 45, { steps: 6 })
    await page.mouse.up()
    await page.click('button[aria-label=Undo]')
    assert.deepEqual(await corners(page).first().boundingBox(), corner, 'one undo takes the whole drag back')
    await page.click('button[aria-label=Redo]')
    await page.click('.tools button:has-text("Copy")')
    await page.waitForSelector('.entry:has-text("till 1")')
    await page.click('.savebar button:has-text("Save")')
    await page.waitForSelector('text=Saved. Measuring goes on')
    const till = shop.layout.zones.find((z) => z.name === 'till')
    assert.equal(till.polygon.length, 5)
    assert.deepEqual(till.polygon[0], till.polygon[4])
    assert.ok(till.polygon[0][0] > 0.12, 'the corner was dragged')
    assert.deepEqual(shop.layout.zones[1].alerts, [{ kind: 'queue', people: 3, wait: 60 }])
    assert.equal(shop.requests.findLast((r) => r.method === 'PUT').headers['x-csrf-token'], 'token')
    assertClean(page, shop.base)
  })
  it('stand beside masks, which are drawn, moved and saved as they are', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/zones')
    await page.click('text=Hide a part')
    const box = await page.locator('.plane').boundingBox()
    for (const [x, y] of [[0.7, 0.1], [0.9, 0.1], [0.9, 0.3], [0.7, 0.1]]) await page.mouse.click(box.x + x * box.width, box.y + y * box.height)
    await page.waitForSelector('.entry:has-text("mask 1")')
    await page.fill('form[aria-label=mask] input[type=text]', 'keypad')
    await page.click('.savebar button:has-text("Save")')
    await page.waitForSelector('text=Saved. Measuring goes on')
    const [mask] = shop.layout.masks
    assert.equal(mask.name, 'keypad')
    assert.deepEqual(mask.polygon[0], mask.polygon[3])
    assertClean(page, shop.base)
  })
  it('are drawn with the keyboard alone', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/zones')
    await page.locator('text=Add a rectangle').focus()
    await page.keyboard.press('Enter')
    await page.locator('.handle.corner').first().focus()
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowLeft')
    await page.locator('.handle.corner').nth(2).focus()
    await page.keyboard.press('Delete')
    await page.locator('.savebar .main').focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=Saved. Measuring goes on')
    const drawn = shop.layout.zones.at(-1)
    assert.equal(drawn.polygon.length, 4)
    assert.equal(drawn.polygon[0][0], 0.35 + 2 * 0.04 - 4 * 0.02)
  })
  it('that cannot work are not saved', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/zones')
    await page.click('.entry:has-text("shelf")')
    await page.fill('form[aria-label=zone] input[type=text]', 'promo table')
    await page.waitForSelector('.warnings .bad:has-text("another has the same name")')
    assert.equal(await page.locator('.savebar .main').isDisabled(), true)
  })
  it('outside the floor are warned of, and saved all the same', async () => {
    const shop = await mock()
    shop.horizon = [[0, 0.4], [1, 0.4]]
    shop.feet = Array.from({ length: 100 }, (_, i) => {
      const [column, row] = [i % 10, Math.floor(i / 10)]
      return { camera: 'entrance', column, row, seconds: row >= 6 && column < 5 ? 100 : 0 }
    })
    const page = await open(browser, shop.base)
    await page.goto('/zones')
    await page.waitForSelector('.warnings li:has-text("shelf: it lies above the horizon")')
    assert.equal(await page.locator('.warnings li').count(), 1)
    await page.click('text=Add a rectangle')
    await page.waitForSelector('.warnings li:has-text("shelf")')
    assert.equal(await page.locator('.warnings li').count(), 1)
    await page.click('text=Draw a zone')
    const box = await page.locator('.plane').boundingBox()
    for (const [x, y] of [[0.7, 0.7], [0.9, 0.7], [0.9, 0.9], [0.7, 0.7]]) await page.mouse.click(box.x + x * box.width, box.y + y * box.height)
    await page.waitForSelector('.warnings li:has-text("zone 2: nobody has stood or walked here")')
    await page.click('button:has-text("Save")')
    await page.waitForSelector('text=Saved. Measuring goes on')
    assert.equal(shop.layout.zones.length, 4)
    assertClean(page, shop.base)
  })
  it('that somebody else changed meanwhile are not overwritten', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/zones')
    await page.click('text=Add a rectangle')
    shop.revision++
    await page.click('.savebar .main')
    await page.waitForSelector('text=Somebody else has changed this meanwhile')
    assert.equal(shop.layout.zones.length, 2)
  })
  it('are tried on the last hours before they are saved', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/zones')
    await page.click('text=Add a rectangle')
    await page.click('button:has-text("Measure")')
    await page.waitForSelector('td:has-text("12")')
    assert.equal(shop.requests.findLast((r) => r.path.endsWith('/preview')).body.hours, 24)
    assert.equal(shop.layout.zones.length, 2)
  })
  it('are only looked at by who may not change them', async () => {
    const shop = await mock({ role: 'viewer' })
    const page = await open(browser, shop.base)
    await page.goto('/zones')
    await page.waitForSelector('text=You may look, but not change')
    assert.equal(await page.locator('.tools button:has-text("Draw a zone")').isDisabled(), true)
    await page.goto('/system/config')
    await page.waitForSelector('h1:has-text("System")')
    assert.equal(await page.locator('textarea').count(), 0)
  })
})

describe('insight', () => {
  it('says by its address what is shown', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/insight/displays?from=2026-01-05&to=2026-01-18')
    await page.waitForSelector('caption')
    const asked = shop.requests.findLast((r) => r.path.endsWith('/reports/displays'))
    assert.match(asked.query, /from=2026-01-05&to=2026-01-19/, 'the program takes the day after the last')
    await page.selectOption('label:has-text("Ranked by") select', 'stop')
    await page.click('details:has-text("How each figure is made")')
    await page.waitForSelector('code:has-text("stop rate =")')
    assertClean(page, shop.base)
  })
  it('compares what a promotion is about in one click', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/promotions')
    await page.click('text=Did it help?')
    await page.waitForURL(/a=2026-01-05..2026-01-18&b=2026-01-19..2026-02-01/)
    await page.waitForSelector('.compared .verdict')
    const asked = shop.requests.findLast((r) => r.path.endsWith('/reports/compare'))
    assert.match(asked.query, /zone=display(\+|%20)1/)
  })
  it('exports what is shown', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/insight/funnel')
    await page.waitForSelector('.funnel')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Export CSV')])
    const [heading, ...rows] = readFileSync(await download.path(), 'utf8').trim().split('\r\n')
    const column = heading.split(',').indexOf('visits')
    const total = rows.reduce((sum, row) => sum + Number(row.split(',')[column]), 0)
    const shown = await page.locator('.report td.number:nth-child(4)').allTextContents()
    assert.equal(total, shown.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0))
  })
  it('is told why there is no answer', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/insight/displays?zone=nowhere&from=2026-01-20&to=2026-01-10')
    await page.waitForSelector('.notice.bad')
  })
})

describe('the rest', () => {
  it('marks the lines of a configuration that was refused', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/system/config')
    await page.fill('textarea', 'site: x\n\ncamras: []\n')
    await page.click('.main:has-text("Save")')
    await page.waitForSelector('.notice.bad:has-text("did you mean \'cameras\'?")')
    assert.equal((await page.locator('.code .bad').textContent()).trim(), '3')
  })
  it('tells what happened in sentences, by the clock of the site', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base)
    await page.goto('/system')
    const lines = page.locator('.log li')
    await lines.first().waitFor()
    assert.deepEqual(await lines.locator('strong').allTextContents(), ['window', 'entrance', 'entrance'])
    assert.equal(await lines.nth(1).locator('> span').textContent(), 'warning: nothing was measured for 12.0 s (stream jump)')
    assert.equal(await lines.nth(2).locator('time').textContent(), '2026-11-24 23:59:00')
    await page.selectOption('.card:has(.log) select >> nth=1', 'error')
    assert.deepEqual(await lines.locator('> span').allTextContents(), ["fault: cannot be measured: '/videos/window.avi' does not exist"])
    await page.selectOption('.card:has(.log) select >> nth=0', 'entrance')
    await page.waitForSelector('text=Nothing of that kind happened')
    assert.equal(await lines.count(), 0)
    assertClean(page, shop.base)
  })
  it('lets nobody in with a wrong password, and out again', async () => {
    const shop = await mock()
    shop.user = null
    const page = await open(browser, shop.base)
    await page.goto('/')
    await page.fill('[name=name]', 'ana')
    await page.fill('[name=password]', 'wrong')
    await page.click('button:has-text("Sign in")')
    await page.waitForSelector('.notice.bad:has-text("name or password is wrong")')
    await assertAccessible(page, 'sign in')
    await screenshot(page, 'signin-desktop')
    await page.fill('[name=password]', 'a good password')
    await page.click('button:has-text("Sign in")')
    await page.waitForSelector('.zone-row')
    await page.click('.preferences summary')
    await page.click('text=Sign out')
    await page.waitForSelector('h1:has-text("Sign in")')
  })
  it('speaks German', async () => {
    const shop = await mock()
    const page = await open(browser, shop.base, { ...DESKTOP, locale: 'de-DE' })
    await page.goto('/insight/displays')
    await page.waitForSelector('a:has-text("Aktionen")')
    await page.waitForSelector('td:has-text("7.535")')
    await assertAccessible(page, 'German')
    assert.deepEqual(await page.locator('body [lang=en]').allTextContents(), [])
    await screenshot(page, 'displays-german')
    await page.click('.preferences summary')
    await page.selectOption('.preferences select >> nth=0', 'en')
    await page.waitForSelector('a:has-text("Promotions")')
    assertClean(page, shop.base)
  })
})
