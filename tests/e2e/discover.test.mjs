// SPDX-License-Identifier: Apache-2.0
// A camera found from the page, looked at and added: an ONVIF device of the tests, whose streams a real RTSP server plays and
// gives to nobody without the digest of a password.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { DESKTOP, PHONE, ROOT, VIDEO, assertAccessible, assertClean, assertFits, claim, end, launch, open, screenshot, serve } from './browser.mjs'

const PASSWORD = 'op@n & ${shut}/?'
const CONFIG = `site: Corner shop
data: data
listen: 127.0.0.1:0
cameras:
  - {name: entrance, source: ${VIDEO}, loop: true, enabled: false}
`

/** A helper of the tests in Python; what it prints first, or null when it says that it cannot. */
async function start(helpers, name, ...options) {
  const helper = spawn('/usr/bin/python3', ['-B', path.join(ROOT, 'tests/integration', name), ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  helpers.push(helper)
  return new Promise((done) => {
    helper.stdout.once('data', (text) => done(String(text).trim()))
    helper.once('exit', () => done(null))
  })
}

describe('finding cameras', { skip: existsSync(VIDEO) ? false : `no sample video at ${VIDEO}: run tools/setup` }, () => {
  const helpers = []
  let folder, site, browser, page, address, stream
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'dwell-discover-'))
    mkdirSync(path.join(folder, 'data'))
    writeFileSync(path.join(folder, 'dwell.yaml'), CONFIG)
    chmodSync(path.join(folder, 'dwell.yaml'), 0o644)
    const clip = (file, ...how) => execFileSync('ffmpeg', ['-v', 'error', '-i', VIDEO, '-t', '20', ...how, path.join(folder, file)])
    const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-bf', '0', '-pix_fmt', 'yuv420p']
    clip('t_main.mp4', ...h264)
    clip('t_sub.mp4', '-vf', 'scale=480:360', ...h264)
    clip('t_tiny.mov', '-vf', 'scale=240:180', '-c:v', 'mjpeg', '-huffman', '0', '-pix_fmt', 'yuvj420p')
    const files = ['t_main.mp4', 't_sub.mp4', 't_tiny.mov=jpeg'].map((name) => path.join(folder, name))
    const port = await start(helpers, 'rtsp_server.py', '--user', `shop:${PASSWORD}`, ...files)
    if (port === null) return
    stream = `rtsp://127.0.0.1:${port}/t_sub`
    address = await start(helpers, 'onvif_camera.py', PASSWORD, `rtsp://127.0.0.1:${port}/{token}`)
    site = await serve(folder)
    browser = await launch()
    page = await open(browser, site.base)
    await claim(page, site, 'nav a:has-text("System")')
  })
  after(async () => {
    await browser?.close()
    for (const helper of helpers) helper.kill()
    if (site) await end(site)
    rmSync(folder, { recursive: true, force: true })
  })

  const find = async (password) => {
    await page.goto('/system/cameras')
    await page.fill('section[aria-labelledby=find] [name=user]', 'shop')
    await page.fill('section[aria-labelledby=find] [name=password]', password)
    await page.fill('section[aria-labelledby=find] [name=host]', address)
    await page.click('button:has-text("Find cameras")')
    await page.click('button:has-text("Show its streams")')
  }

  it('says when a password is wrong', async (test) => {
    if (!site) return test.skip('no GStreamer RTSP server')
    await find('wrong')
    await page.waitForSelector('.notice.bad:has-text("not Authorized")')
  })

  it('shows a picture of each stream and the one to measure on', async (test) => {
    if (!site) return test.skip('no GStreamer RTSP server')
    await find(PASSWORD)
    await page.waitForFunction(() => document.querySelectorAll('.stream img').length === 3)
    const widths = await page.$$eval('.stream img', (images) => images.map((image) => image.naturalWidth))
    assert.deepEqual(widths, [768, 480, 240])
    assert.match(await page.textContent('.stream:has(input:checked)'), /sub \(enough to measure on\)/)
    await assertAccessible(page, 'find cameras')
    await assertFits(page, 'find cameras')
    await screenshot(page, 'find-cameras')
    await page.setViewportSize(PHONE.viewport)
    await assertFits(page, 'find cameras on a phone')
    await page.setViewportSize(DESKTOP.viewport)
  })

  it('adds it, measures it, and tells its password to nobody', async (test) => {
    if (!site) return test.skip('no GStreamer RTSP server')
    await page.click('.stream:has-text("sub") input')
    await page.click('li:has(.stream) button:has-text("Add a camera")')
    await page.waitForSelector('.notice.good:has-text("Front-door was added")')
    await page.waitForFunction(async () => {
      const { cameras } = await (await fetch('/api/v1/cameras')).json()
      return cameras[1]?.state === 'running' && cameras[1].width_px === 480
    })
    const config = path.join(folder, 'dwell.yaml')
    assert.match(readFileSync(config, 'utf8'), /rtsp:\/\/shop:op%40n%20%26%20%24%7Bshut%7D%2F%3F@127/)
    assert.equal(statSync(config).mode & 0o777, 0o600)
    const answers = await page.evaluate(async () =>
      Promise.all(['cameras', 'config', 'audit', 'health'].map(async (name) => (await fetch(`/api/v1/${name}`)).text())),
    )
    for (const text of [...answers, site.said(), readFileSync(path.join(folder, 'data/audit.jsonl'), 'utf8')]) {
      assert.ok(!text.includes('op%40n') && !text.includes('op@n'), text)
    }
    assert.match(answers[2], /picture of rtsp:\/\/shop:\*\*\*@127/)
    assertClean(page, site.base)
  })

  it('adds one by its address, its user and its password', async (test) => {
    if (!site) return test.skip('no GStreamer RTSP server')
    const add = page.locator('form[aria-labelledby=add]')
    await add.locator('[name=name]').fill('typed')
    await add.locator('[name=source]').fill(stream)
    await add.locator('[name=user]').fill('shop')
    await add.locator('[name=password]').fill(PASSWORD)
    await add.locator('button').click()
    await page.waitForFunction(async () => {
      const { cameras } = await (await fetch('/api/v1/cameras')).json()
      return cameras[2]?.state === 'running'
    })
    assert.equal(await add.locator('[name=password]').inputValue(), '')
    assertClean(page, site.base)
  })
})
