// SPDX-License-Identifier: Apache-2.0
// Days and hours on the clock of the site, wherever the browser is. A day is 'YYYY-MM-DD'.

export const DAY_MS = 86_400_000

interface Clock {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function clockFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(zone, format)
  }
  return format
}

/** What the site's clock shows at a moment. */
export function clockAt(moment: Date, zone: string): Clock {
  const clock: Record<string, number> = {}
  for (const { type, value } of clockFormat(zone).formatToParts(moment)) clock[type] = Number(value)
  return clock as unknown as Clock
}

const two = (value: number) => String(value).padStart(2, '0')

export function dayAt(moment: Date, zone: string): string {
  const { year, month, day } = clockAt(moment, zone)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

export function timeAt(moment: Date, zone: string, seconds = true): string {
  const { hour, minute, second } = clockAt(moment, zone)
  return `${two(hour)}:${two(minute)}${seconds ? `:${two(second)}` : ''}`
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10)
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

/** Monday is 0. */
export function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
}

export function isDay(text: string | null | undefined): text is string {
  return !!text && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
}

/** How far the site's clock is before UTC at a moment. */
function offsetMs(moment: number, zone: string): number {
  const c = clockAt(new Date(moment), zone)
  const shown = Date.UTC(c.year, c.month - 1, c.day, c.hour, c.minute, c.second)
  return shown - Math.floor(moment / 1000) * 1000
}

/** The moment at which a day begins at the site; its first one when midnight does not exist. */
export function dayStart(day: string, zone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const before = midnight - offsetMs(midnight - DAY_MS, zone)
  const after = midnight - offsetMs(midnight + DAY_MS, zone)
  const fits = [before, after].filter((at) => dayAt(new Date(at), zone) === day)
  return new Date(fits.length ? Math.min(...fits) : Math.max(before, after))
}
