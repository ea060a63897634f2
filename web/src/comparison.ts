// SPDX-License-Identifier: Apache-2.0
// What is compared with what, as the report `compare` wants to be asked. Days are both included.
import { addDays, daysBetween, weekdayOf } from './time'
import type { Promotion } from './types'

export interface Days {
  from: string
  to: string
}

export const spanText = ({ from, to }: Days) => `${from}..${to}`

export function spanOf(text: string | null | undefined): Days | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?$/.exec(text ?? '')
  const from = match?.[1]
  return from ? { from, to: match[2] ?? from } : null
}

/** As many days before, moved back by whole weeks, so that a Friday is compared with a Friday. */
export function before({ from, to }: Days): Days {
  const weeks = Math.ceil((daysBetween(from, to) + 1) / 7)
  return { from: addDays(from, -7 * weeks), to: addDays(to, -7 * weeks) }
}

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** The days of a period that fall on the weekdays named, as a list of spans. */
export function daysOf({ from, to }: Days, weekdays: readonly string[]): string {
  const spans: Days[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) {
    if (!weekdays.includes(WEEKDAYS[weekdayOf(day)] ?? '')) continue
    const last = spans.at(-1)
    if (last && addDays(last.to, 1) === day) last.to = day
    else spans.push({ from: day, to: day })
  }
  return spans.map((span) => (span.from === span.to ? span.from : spanText(span))).join(',')
}

/** The fields of the address that show whether a promotion helped: one click. */
export function comparisonOf(promotion: Promotion): Record<string, string> {
  const place: Record<string, string> = {}
  if (promotion.camera) place['camera'] = promotion.camera
  if (promotion.zone) place['zone'] = promotion.zone
  const days = { from: promotion.from, to: promotion.to }
  if (promotion.days?.length)
    return { ...place, mode: 'days', from: days.from, to: days.to, 'promotion-days': daysOf(days, promotion.days) }
  const against = spanOf(promotion.compare_with) ?? before(days)
  return { ...place, mode: 'periods', a: spanText(against), b: spanText(days) }
}
