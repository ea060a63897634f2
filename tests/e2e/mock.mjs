// SPDX-License-Identifier: Apache-2.0
// A stand-in for `dwell serve` that can do on demand what a shop does once a year: a thousand zones,
// a camera that fails, somebody else's change, another time zone. Reports are the program's own, made
// from a simulated store. Started by the tests of the page; nothing of it is part of Dwell.
import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html' }
const POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="768" height="576"><rect width="768" height="576" fill="#7a8680"/></svg>'
const TABLE = [[0.3, 0.45], [0.6, 0.45], [0.66, 0.75], [0.24, 0.75], [0.3, 0.45]]
const SHELF = [[0.65, 0.2], [0.9, 0.25], [0.88, 0.5], [0.66, 0.45], [0.65, 0.2]]

function zonesOf(count) {
  const zones = [
    { name: 'promo table', polygon: TABLE },
    { name: 'shelf', polygon: SHELF, target_side: 1, min_dwell: 2, alerts: [{ kind: 'queue', people: 3, wait: 60 }] },
  ]
  for (let i = zones.length; i < count; i++) {
    const [x, y] = [(i % 40) / 40, Math.floor(i / 40) / 30]
    zones.push({ name: `zone ${i}`, polygon: [[x, y], [x + 0.02, y], [x + 0.02, y + 0.025], [x, y + 0.025], [x, y]] })
  }
  return zones
}

const camera = (name, state, reason) => ({
  name, state, reason, source: `/videos/${name}.avi`, width_px: 768, height_px: 576, fps_in: 10, fps_analysed: 9.8,
  dropped: 3, infer_ms: 41.2, last_frame_age_s: 0.1, reconnects: 1, decoder_restarts: 0, gaps: 0, enabled: true,
})

/** A store of four weeks in a shop that does not exist. */
export function simulate(program) {
  const folder = mkdtempSync(path.join(tmpdir(), 'dwell-page-'))
  const store = path.join(folder, 'shop.db')
  execFileSync(program, ['simulate', '--store', store, '--days', '28'], { stdio: 'ignore' })
  return { store, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export class Mock {
  constructor({ dist, program, store, role = 'admin', zones = 2, privacy = 'on', timeZone = 'Europe/Berlin' }) {
    this.dist = dist
    this.program = program
    this.store = store
    this.user = { name: 'ana', role }
    this.site = { name: 'Corner shop', time_zone: timeZone, version: '0.1.0', privacy }
    this.layout = { zones: zonesOf(zones), lines: [{ name: 'door', line: { start: { x: 0.1, y: 0.9 }, end: { x: 0.5, y: 0.95 } } }], masks: [] }
    this.revision = 1
    this.all = [camera('entrance', 'running', null), camera('window', 'waiting', 'no answer; trying again in 8 s')]
    this.promotions = [{ id: 'p1', name: 'Tasting', camera: 'simulated', zone: 'display 1', from: '2026-01-19', to: '2026-02-01', days: null, compare_with: null }]
    this.log = [
      { time: '2026-11-24T22:59:00.000Z', kind: 'health', camera: 'entrance', data: { camera: 'entrance', state: 'running', reason: '' } },
      { time: '2026-11-25T10:00:12.000Z', kind: 'gap', camera: 'entrance', data: { start: '2026-11-25T10:00:00.000Z', end: '2026-11-25T10:00:12.000Z', reason: 'stream jump' } },
      { time: '2026-11-25T10:05:00.000Z', kind: 'health', camera: 'window', data: { camera: 'window', state: 'failed', reason: "'/videos/window.avi' does not exist" } },
    ]
    this.visited = []
    this.requests = []
    this.streams = new Set()
    this.counted = new Map()
  }

  async start() {
    this.server = http.createServer((request, response) => this.answer(request, response))
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done))
    this.base = `http://127.0.0.1:${this.server.address().port}`
    return this
  }

  stop() {
    for (const stream of this.streams) stream.end()
    this.server.close()
    this.server.closeAllConnections?.()
  }

  /** Sends an event to every page that listens. */
  emit(kind, data, id) {
    for (const stream of this.streams)
      stream.write(`${id ? `id: ${id}\n` : ''}event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  answer(request, response) {
    const url = new URL(request.url, this.base)
    if (!url.pathname.startsWith('/api/v1/')) return this.file(url.pathname, response)
    let text = ''
    request.on('data', (part) => (text += part))
    request.on('end', () => this.api(request, url, text ? JSON.parse(text) : null, response))
  }

  file(name, response) {
    let file = path.join(this.dist, name)
    if (!existsSync(file) || statSync(file).isDirectory()) file = path.join(this.dist, 'index.html')
    response.writeHead(200, { 'Content-Type': TYPES[path.extname(file)], 'Content-Security-Policy': POLICY })
    createReadStream(file).pipe(response)
  }

  api(request, url, body, response) {
    const [, name, key, action] = url.pathname.slice('/api/v1'.length).split('/').map(decodeURIComponent)
    this.requests.push({ method: request.method, path: url.pathname, query: url.search, body, headers: request.headers })
    const reply = (value, status = 200, headers = {}) => {
      const type = status >= 400 ? 'application/problem+json' : 'application/json'
      response.writeHead(status, { 'Content-Type': type, ...headers })
      response.end(status === 204 ? undefined : JSON.stringify(value))
    }
    const route = this[`${name}_${request.method}`] ?? this[name]
    if (!this.user && name !== 'session') return reply({ title: 'Unauthorized', status: 401, detail: 'sign in first' }, 401)
    if (!route) return reply({ title: 'Not Found', status: 404, detail: `there is no ${url.pathname}` }, 404)
    return route.call(this, { request, response, url, body, reply, key, action })
  }

  session({ reply }) {
    reply({ user: this.user, claimed: true, csrf: this.user && 'token' })
  }

  session_POST({ body, reply }) {
    if (body.password !== 'a good password') return reply({ title: 'Unauthorized', status: 401, detail: 'name or password is wrong' }, 401)
    this.user = { name: body.name, role: 'admin' }
    reply({ user: this.user, claimed: true, csrf: 'token' })
  }

  session_DELETE({ reply }) {
    this.user = null
    reply(null, 204)
  }

  site_GET({ reply }) {
    reply({ ...this.site, now: new Date().toISOString() })
  }

  cameras({ request, reply, response, key, action, body }) {
    if (!key) return reply({ cameras: this.all })
    if (action === 'snapshot') {
      response.writeHead(this.site.privacy === 'off' ? 403 : 200, { 'Content-Type': 'image/svg+xml' })
      return response.end(PICTURE)
    }
    if (request.url.endsWith('/preview')) {
      const zones = body.layout.zones.map(({ name }) => ({ name, visits: 12, passes: 4, median_s: { value: 4.1, low: 3.9, high: 4.8 }, before: null }))
      return reply({ zones })
    }
    const tag = () => ({ ETag: `"${this.revision}"` })
    if (request.method === 'GET') return reply({ ...this.layout, horizon: this.horizon ?? null, warnings: [] }, 200, tag())
    if (request.headers['if-match'] !== tag().ETag) return reply({ title: 'Conflict', status: 409, detail: 'changed meanwhile' }, 409)
    this.layout = body
    this.revision++
    return reply({ ...this.layout, warnings: [] }, 200, tag())
  }

  today({ reply, response, url }) {
    if (url.searchParams.get('format') === 'csv') {
      response.writeHead(200, { 'Content-Type': 'text/csv', 'Content-Disposition': 'attachment; filename="dwell-today.csv"' })
      return response.end('camera,zone\r\n')
    }
    const hours = Array.from({ length: 10 }, (_, h) => ({ hour: 8 + h, visits: 3 * h, usual: 2.6 * h + 4 }))
    const row = ({ name }, i) => ({
      camera: 'entrance', zone: name, occupancy: i % 3, visits: 142 - (i % 50) * 2, passes: 30,
      median_s: { value: 4.3, low: 3.8, high: 5.1 }, coverage: 0.98, hours,
      ...(i % 4 === 3 ? { usual_visits: null, usual_least: null, usual_most: null, usual_days: 0 } : { usual_visits: 120, usual_least: 100, usual_most: 140, usual_days: 4 }),
    })
    reply({ zones: this.layout.zones.map(row) })
  }

  visits({ reply }) {
    reply({ visits: this.visited, next: null })
  }

  reports({ reply, response, url, key }) {
    if (!key) return reply({ kinds: ['compare', 'displays', 'flow', 'funnel', 'heat-map', 'staffing'].map((name) => ({ name })) })
    if (key === 'heat-map' && this.feet) return reply({ cells: this.feet })
    const format = url.searchParams.get('format') ?? 'json'
    const options = [...url.searchParams].filter(([name]) => name !== 'format').flatMap(([name, value]) => (value ? [`--${name}`, value] : [`--${name}`]))
    try {
      const text = execFileSync(this.program, ['report', key, '--store', this.store, `--${format}`, ...options], { encoding: 'utf8', stdio: 'pipe', maxBuffer: 1e8 })
      response.writeHead(200, { 'Content-Type': format === 'csv' ? 'text/csv' : 'application/json', ...(format === 'csv' ? { 'Content-Disposition': `attachment; filename="${key}.csv"` } : {}) })
      return response.end(text)
    } catch (error) {
      return reply({ title: 'Bad Request', status: 400, detail: String(error.stderr).trim() }, 400)
    }
  }

  places({ reply }) {
    const simulated = ['display 1', 'display 2'].map((zone) => ({ camera: 'simulated', zone }))
    reply({ places: [...this.layout.zones.map(({ name }) => ({ camera: 'entrance', zone: name })), ...simulated] })
  }

  promotions_GET({ reply }) {
    reply({ promotions: this.promotions })
  }

  promotions_POST({ body, reply }) {
    const promotion = { id: `p${this.promotions.length + 1}`, ...body }
    this.promotions.push(promotion)
    reply(promotion, 201)
  }

  health({ reply }) {
    reply({ status: 'ok', store: { bytes: 123456789, forecast_bytes_year: 4.4e9 }, uptime_s: 280000, log: this.log })
  }

  privacy({ reply }) {
    const cameras = this.all.map(({ name, enabled }) => ({ name, enabled, masks: ['till'] }))
    const kept = ['visits', 'doubt', 'crossings', 'feet', 'rollups'].map((kind) => ({ kind, days: kind === 'visits' ? 90 : null }))
    reply({ site: this.site.name, pictures: { shown: this.site.privacy, stored: false }, looks: { stored: false }, staff: { sets: 0, models: 0 }, faces: false, sent_to: [], cameras, kept })
  }

  config({ request, reply }) {
    const text = 'site: Corner shop  # our first\ntime_zone: Europe/Berlin\ncameras:\n  - name: entrance\n'
    if (request.method === 'GET') return reply({ text, path: 'dwell.yaml' }, 200, { ETag: '"c"' })
    return reply({ title: 'Unprocessable', status: 422, detail: 'refused', errors: [{ line: 3, detail: "unknown key 'camras'; did you mean 'cameras'?" }] }, 422)
  }

  users({ reply }) {
    reply({ users: [this.user, { name: 'bo', role: 'viewer' }] })
  }

  tokens({ request, reply }) {
    if (request.method === 'POST') return reply({ id: 't2', token: 'dwell_abc' }, 201)
    return reply({ tokens: [{ id: 't1', name: 'Grafana', scopes: ['metrics'], created: '2026-11-20T10:00:00Z' }] })
  }

  audit({ reply }) {
    reply({ entries: [{ time: '2026-11-25T10:00:00Z', user: 'ana', client: '::1', method: 'PUT', path: '/api/v1/config', status: 200, detail: '' }], next: null })
  }

  events({ response }) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write(': here\n\n')
    this.streams.add(response)
    response.on('close', () => this.streams.delete(response))
  }
}
