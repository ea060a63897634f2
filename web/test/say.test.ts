// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { sayLog } from '../src/say'
import type { LogEntry } from '../src/types'

const entry = (kind: LogEntry['kind'], data: LogEntry['data']): LogEntry => ({ time: '2026-11-25T10:00:00Z', kind, camera: 'door', data })

describe('an entry of the log', () => {
  it.each([
    [{ state: 'running', reason: '' }, 'info', 'measures'],
    [{ state: 'running', reason: 'the picture is dark' }, 'warning', 'the picture is dark'],
    [{ state: 'waiting', reason: 'no answer' }, 'warning', 'gives no picture; it is tried again: no answer'],
    [{ state: 'failed', reason: 'gone' }, 'error', 'cannot be measured: gone'],
    [{ state: 'off', reason: '' }, 'info', 'is off, or its file has ended'],
    [{ state: 'newer than this page' }, 'warning', 'newer than this page'],
  ] as const)('says how a camera is: %o', (data, level, sentence) => {
    expect(sayLog(entry('health', data))).toEqual({ level, sentence })
  })
  it('says how long nothing was measured, and why', () => {
    const gap = { start: '2026-11-25T10:00:00Z', end: '2026-11-25T10:03:05Z', reason: 'stream jump' }
    expect(sayLog(entry('gap', gap))).toEqual({ level: 'warning', sentence: 'nothing was measured for 3 min 05 s (stream jump)' })
    expect(sayLog(entry('gap', { ...gap, end: gap.start })).sentence).toBe('nothing was measured for a moment (stream jump)')
  })
  it('says whom an alert is about, and that it is over', () => {
    const alert = { kind: 'alert_raised', zone: 'till', rule: 'queue', people: 4 }
    expect(sayLog(entry('alert', alert))).toEqual({ level: 'warning', sentence: 'till: 4 people wait' })
    expect(sayLog(entry('alert', { ...alert, kind: 'alert_cleared' }))).toEqual({ level: 'info', sentence: 'till: the alert is over' })
  })
})
