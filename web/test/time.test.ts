// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { addDays, clockAt, dayAt, dayStart, daysBetween, isDay, timeAt, weekdayOf } from '../src/time'

const hoursOf = (day: string, zone: string) => (dayStart(addDays(day, 1), zone).getTime() - dayStart(day, zone).getTime()) / 3_600_000

describe('the clock of the site', () => {
  it('is not the one of the browser', () => {
    const late = new Date('2026-11-25T23:30:00Z')
    expect(dayAt(late, 'Europe/Berlin')).toBe('2026-11-26')
    expect(dayAt(late, 'America/New_York')).toBe('2026-11-25')
    expect(timeAt(late, 'Asia/Kolkata')).toBe('05:00:00')
    expect(clockAt(late, 'UTC')).toMatchObject({ hour: 23, minute: 30, day: 25 })
  })
  it('shows midnight as 00, not 24', () => {
    expect(timeAt(new Date('2026-11-25T00:00:00Z'), 'UTC')).toBe('00:00:00')
  })
})

describe('a day', () => {
  it.each([
    ['2026-11-25', 'Europe/Berlin', '2026-11-24T23:00:00.000Z'],
    ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
    ['2026-11-25', 'America/New_York', '2026-11-25T05:00:00.000Z'],
    ['2026-11-25', 'Pacific/Kiritimati', '2026-11-24T10:00:00.000Z'],
    ['2026-11-25', 'Asia/Kathmandu', '2026-11-24T18:15:00.000Z'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'], // midnight did not exist
  ])('begins: %s in %s', (day, zone, moment) => {
    expect(dayStart(day, zone).toISOString()).toBe(moment)
  })
  it('has 23, 24 or 25 hours', () => {
    expect(hoursOf('2026-03-29', 'Europe/Berlin')).toBe(23)
    expect(hoursOf('2026-03-30', 'Europe/Berlin')).toBe(24)
    expect(hoursOf('2026-10-25', 'Europe/Berlin')).toBe(25)
    expect(hoursOf('2018-11-04', 'America/Sao_Paulo')).toBe(23)
    expect(hoursOf('2026-11-01', 'America/New_York')).toBe(25)
  })
  it('is counted across months, years and summer time', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
    expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31)
    expect(weekdayOf('2026-11-23')).toBe(0)
    expect(weekdayOf('2026-11-29')).toBe(6)
  })
  it('is told from what is none', () => {
    expect(isDay('2026-02-28')).toBe(true)
    expect(isDay('2026-2-28')).toBe(false)
    expect(isDay('2026-13-01')).toBe(false)
    expect(isDay(null)).toBe(false)
  })
})
