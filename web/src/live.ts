// SPDX-License-Identifier: Apache-2.0
// What happens now: one stream of server-sent events for the whole page, kept in signals, so that
// a figure that changes redraws itself and nothing else.
import { type Signal, batch, signal } from '@preact/signals'
import { BASE, get, query } from './api'
import { clockAt, dayAt } from './time'
import type { Alert, Camera, Moment, Site, Visit, ZoneToday } from './types'

export const site = signal<Site | null>(null)
export const cameras = signal<Camera[]>([])
export const today = signal<ZoneToday[]>([])
/** Some of today's visits were made up by `dwell simulate`. */
export const simulatedToday = signal(false)
export const connected = signal(false)

export type Happening =
  | { kind: 'visit' | 'pass'; at: string; camera: string; seen: number; visit: Visit }
  | { kind: 'alert'; at: string; camera: string; seen: number; alert: Alert }
  | { kind: 'crossing' | 'gap'; at: string; camera: string; seen: number; detail: Record<string, unknown> }

/** The newest first. `seen` is the browser's clock when it arrived. */
export const happenings = signal<Happening[]>([])
const HAPPENINGS_KEPT = 60

function table<T>(initial: T): (key: string) => Signal<T> {
  const kept = new Map<string, Signal<T>>()
  return (key) => {
    let found = kept.get(key)
    if (!found) {
      found = signal(initial)
      kept.set(key, found)
    }
    return found
  }
}

export const momentOf = table<Moment | null>(null)
export const arrivedOf = table(0)
const occupancies = table<number | null>(null)
export const occupancyOf = (camera: string, zone: string) => occupancies(`${camera}\n${zone}`)

/** How far the program's clock is before the browser's, so that a wrong one here changes nothing. */
let aheadMs = 0
export const now = () => new Date(Date.now() + aheadMs)
export const zone = () => site.value?.time_zone ?? 'UTC'
export const todayDay = () => dayAt(now(), zone())
/** Minutes since the site's midnight. */
export const minuteOfDay = () => {
  const { hour, minute } = clockAt(now(), zone())
  return hour * 60 + minute
}

export async function refreshSite(): Promise<void> {
  site.value = await get<Site>('/site')
  aheadMs = Date.parse(site.value.now) - Date.now()
}

export async function refreshCameras(): Promise<void> {
  cameras.value = (await get<{ cameras: Camera[] }>('/cameras')).cameras
}

export async function refreshToday(): Promise<void> {
  const answer = await get<{ zones: ZoneToday[]; simulated?: boolean }>('/today')
  batch(() => {
    simulatedToday.value = answer.simulated === true
    today.value = answer.zones
    for (const row of answer.zones) occupancyOf(row.camera, row.zone).value = row.occupancy
  })
}

function onMoment(moment: Moment): void {
  batch(() => {
    momentOf(moment.camera).value = moment
    arrivedOf(moment.camera).value = performance.now()
    for (const { zone: name, count } of moment.occupancy) occupancyOf(moment.camera, name).value = count
  })
}

const visitOf = (happening: Happening) => ('visit' in happening ? happening.visit.id : undefined)

/** By when it happened: one camera may tell of it later than another. A visit is told once. */
function keep(...told: Happening[]): void {
  const known = new Set(happenings.value.map(visitOf))
  const fresh = told.filter((happening) => !visitOf(happening) || !known.has(visitOf(happening)))
  const all = [...fresh, ...happenings.value].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  happenings.value = all.slice(0, HAPPENINGS_KEPT)
}

/** What happened before anybody looked here, or while the stream was broken off. Not what was simulated. */
async function refreshHappenings(): Promise<void> {
  if (cameras.value.length === 0) await refreshCameras()
  const from = new Date(now().getTime() - 2 * 3_600_000).toISOString()
  const { visits } = await get<{ visits: Visit[] }>(`/visits${query({ from, limit: String(HAPPENINGS_KEPT) })}`)
  const mine = visits.filter((visit) => cameras.value.some(({ name }) => name === visit.camera))
  keep(...mine.map((visit) => ({ kind: 'visit' as const, at: visit.exit, camera: visit.camera ?? '', seen: Date.now(), visit })))
}

function count(camera: string, zoneName: string, field: 'visits' | 'passes', by: number): void {
  today.value = today.value.map((row) =>
    row.camera === camera && row.zone === zoneName ? { ...row, [field]: row[field] + by } : row,
  )
}

/** Staff are no shoppers: what they do counts for nothing. */
const counts = (role: unknown) => (role === 'staff' ? 0 : 1)

type Data = Record<string, unknown> & { camera?: string }

const on: Record<string, (data: Data) => void> = {
  moment: (data) => onMoment(data as unknown as Moment),
  visit: (data) => onStay('visit', data),
  pass: (data) => onStay('pass', data),
  role: (data) => onRole(data),
  alert: (data) => {
    const alert = data as unknown as Alert
    keep({ kind: 'alert', at: alert.time, camera: alert.camera, seen: Date.now(), alert })
  },
  crossing: (data) => onDetail('crossing', data),
  gap: (data) => onDetail('gap', data),
  health: () => void refreshCameras(),
  lost: () => void refreshToday(),
  occupancy: (data) => {
    const people = data['people'] ?? data['count']
    if (typeof data['zone'] === 'string') occupancyOf(data.camera ?? '', data['zone']).value = people === null ? null : Number(people)
  },
}

function onStay(kind: 'visit' | 'pass', data: Data): void {
  const visit = data as unknown as Visit
  const camera = data.camera ?? ''
  count(camera, visit.zone, kind === 'visit' ? 'visits' : 'passes', counts(visit.role))
  if (kind === 'visit') keep({ kind, at: visit.exit, camera, seen: Date.now(), visit })
}

/** A visit that was told before. */
function onRole({ camera = '', zone: name, enter, before, role }: Data): void {
  if (dayAt(new Date(String(enter)), zone()) === todayDay()) count(camera, String(name), 'visits', counts(role) - counts(before))
}

function onDetail(kind: 'crossing' | 'gap', data: Data): void {
  const at = data['time'] ?? data['start'] ?? data['at']
  keep({ kind, at: typeof at === 'string' ? at : now().toISOString(), camera: data.camera ?? '', seen: Date.now(), detail: data })
}

let source: EventSource | null = null
let timers: ReturnType<typeof setInterval>[] = []

export function stopLive(): void {
  source?.close()
  source = null
  timers.forEach(clearInterval)
  timers = []
  connected.value = false
}

/** The browser connects again by itself and says which event it saw last. */
export function startLive(): void {
  stopLive()
  source = new EventSource(`${BASE}/events`)
  source.onopen = () => {
    connected.value = true
    void refreshToday()
    void refreshHappenings()
  }
  source.onerror = () => {
    connected.value = false
  }
  for (const [kind, take] of Object.entries(on))
    source.addEventListener(kind, (event) => take(JSON.parse((event as MessageEvent<string>).data) as Data))
  timers = [setInterval(() => void refreshCameras(), 10_000), setInterval(() => void refreshToday(), 60_000)]
}
