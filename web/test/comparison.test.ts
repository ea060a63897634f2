// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { before, comparisonOf, daysOf, spanOf } from '../src/comparison'

const promotion = { id: '1', name: 'Coffee', camera: 'front', zone: 'table', from: '2026-11-09', to: '2026-11-15' }

describe('the days before', () => {
  it('are as many and begin on the same weekday', () => {
    expect(before({ from: '2026-11-09', to: '2026-11-15' })).toEqual({ from: '2026-11-02', to: '2026-11-08' })
    expect(before({ from: '2026-11-10', to: '2026-11-19' })).toEqual({ from: '2026-10-27', to: '2026-11-05' })
    expect(before({ from: '2026-11-13', to: '2026-11-13' })).toEqual({ from: '2026-11-06', to: '2026-11-06' })
  })
})

describe('a promotion', () => {
  it('is compared with the days before', () => {
    expect(comparisonOf(promotion)).toEqual({ camera: 'front', zone: 'table', mode: 'periods', a: '2026-11-02..2026-11-08', b: '2026-11-09..2026-11-15' })
  })
  it('is compared with the days that were chosen', () => {
    expect(comparisonOf({ ...promotion, compare_with: '2026-10-05..2026-10-11' })['a']).toBe('2026-10-05..2026-10-11')
  })
  it('on weekdays is compared with the other days of its period', () => {
    const fields = comparisonOf({ ...promotion, to: '2026-11-22', days: ['friday', 'saturday'] })
    expect(fields).toMatchObject({ mode: 'days', from: '2026-11-09', to: '2026-11-22', 'promotion-days': '2026-11-13..2026-11-14,2026-11-20..2026-11-21' })
  })
})

describe('days as text', () => {
  it('are read back, and refused when they are none', () => {
    expect(spanOf('2026-11-03')).toEqual({ from: '2026-11-03', to: '2026-11-03' })
    expect(spanOf('2026-11-03..2026-11-05')).toEqual({ from: '2026-11-03', to: '2026-11-05' })
    expect(spanOf('yesterday')).toBeNull()
    expect(spanOf(null)).toBeNull()
  })
  it('of one weekday stand alone', () => {
    expect(daysOf({ from: '2026-11-01', to: '2026-11-15' }, ['sunday'])).toBe('2026-11-01,2026-11-08,2026-11-15')
  })
})
