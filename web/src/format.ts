// SPDX-License-Identifier: Apache-2.0
// Figures as people read them, in the language of the page.
import { language, t } from './text'
import type { Cell, Estimate, SheetColumn } from './types'

export const UNKNOWN = '–'

export function isEstimate(cell: unknown): cell is Estimate {
  return typeof cell === 'object' && cell !== null && 'value' in cell
}

/** The figure itself, whether or not it comes with an interval. */
export function valueOf(cell: Cell | undefined): number | null {
  if (isEstimate(cell)) return cell.value
  return typeof cell === 'number' ? cell : null
}

export function asEstimate(cell: Cell | undefined): Estimate {
  return isEstimate(cell) ? cell : { value: valueOf(cell), low: null, high: null }
}

const numbers = new Map<string, Intl.NumberFormat>()

export function decimal(value: number, digits: number, signed = false): string {
  const key = `${language.value} ${String(digits)} ${String(signed)}`
  let format = numbers.get(key)
  if (!format) {
    format = new Intl.NumberFormat(language.value, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: signed ? 'exceptZero' : 'auto',
    })
    numbers.set(key, format)
  }
  return format.format(value).replace('-', '−')
}

/** 4.2 s, 3 min 05 s, 1 h 05 min. */
export function seconds(value: number, signed = false): string {
  const size = Math.abs(value)
  const sign = value < 0 ? '−' : signed && value > 0 ? '+' : ''
  if (size < 59.95) return `${decimal(value, 1, signed)} s`
  if (size < 3599.5) {
    const whole = Math.round(size)
    return `${sign}${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, '0')} s`
  }
  const minutes = Math.round(size / 60)
  return `${sign}${String(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')} min`
}

export function bytes(value: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  while (value >= 1000 && at < names.length - 1) {
    value /= 1000
    at++
  }
  return `${decimal(value, at === 0 || value >= 100 ? 0 : 1)} ${names[at] ?? ''}`
}

/** A number in the unit of its column, e.g. 0.25 of unit `share` as 25.0 %. */
export function figure(value: number | null, unit: SheetColumn['unit'], signed = false): string {
  if (value === null || Number.isNaN(value)) return UNKNOWN
  switch (unit) {
    case 'count':
      return decimal(value, 0, signed)
    case 'share':
      return `${decimal(value * 100, 1)} %`
    case 'change':
      return `${decimal(value * 100, 1, true)} %`
    case 'points':
      return `${decimal(value * 100, 1, true)} ${t('points')}`
    case 'seconds':
      return seconds(value, signed)
    case 'p':
      return value < 0.001 ? `< ${decimal(0.001, 3)}` : decimal(value, 3)
    default:
      if (value > 0 && value < 0.005) return `< ${decimal(0.01, 2)}`
      return decimal(value, Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1, signed)
  }
}

/** "31.5 to 33.4 %" or "1.2 s or more": low and high of a figure, or nothing where there is no interval. */
export function interval(estimate: Estimate, unit: SheetColumn['unit']): string {
  const low = figure(estimate.low, unit)
  const high = figure(estimate.high, unit)
  if (low !== UNKNOWN && high === UNKNOWN) return t('orMore', { figure: low })
  if (estimate.value === null || high === UNKNOWN) return ''
  if (low === UNKNOWN) return t('orLess', { figure: high })
  const alike = /^[^ ]+( [^\d ]+)$/
  const unitOf = (text: string) => alike.exec(text)?.[1]
  const tail = unitOf(high)
  return `${tail && unitOf(low) === tail ? low.slice(0, -tail.length) : low} ${t('to')} ${high}`
}

/** What the keys of a report mean when the program does not say. */
export function guessUnit(key: string, cell: Cell | undefined): SheetColumn['unit'] {
  if (typeof cell === 'string') return 'text'
  if (/_s$|^seconds_/.test(key)) return 'seconds'
  if (/rate|share|coverage|of_stops/.test(key)) return 'share'
  if (key === 'change') return 'change'
  if (/^p(_|$)/.test(key)) return 'p'
  const value = valueOf(cell)
  return value !== null && !Number.isInteger(value) ? 'number' : 'count'
}
