// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startLive, stopLive, today } from '../src/live'
import type { ZoneToday } from '../src/types'

/** The stream, as far as the page uses one. */
class Stream extends EventTarget {
  static last: Stream
  constructor() {
    super()
    Stream.last = this
  }
  tell(kind: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }))
  }
  close() {}
}

const visits = () => today.value[0]?.visits
const enter = new Date().toISOString()
const visit = (role: string) => ({ camera: 'door', zone: 'shelf', person: 1, enter, exit: enter, dwell_s: 4, role })
const found = (before: string, role: string) => ({ camera: 'door', zone: 'shelf', person: 1, enter, before, role })

beforeEach(() => {
  vi.stubGlobal('EventSource', Stream)
  startLive()
  today.value = [{ camera: 'door', zone: 'shelf', visits: 0, passes: 0 } as ZoneToday]
})
afterEach(() => {
  stopLive()
  vi.unstubAllGlobals()
})

it('counts visits as they are told, but no staff', () => {
  Stream.last.tell('visit', visit('unknown'))
  Stream.last.tell('visit', visit('staff'))
  expect(visits()).toBe(1)
})

it.each([
  ['unknown', 'staff', 0],
  ['unknown', 'shopper', 1],
  ['staff', 'shopper', 1],
])('follows a role that is found later: %s, then %s', (before, role, count) => {
  Stream.last.tell('visit', visit(before))
  Stream.last.tell('role', found(before, role))
  expect(visits()).toBe(count)
})

it('leaves today as it is when a visit of another day has another role', () => {
  Stream.last.tell('visit', visit('unknown'))
  Stream.last.tell('role', { ...found('unknown', 'staff'), enter: '2026-01-05T10:00:00Z' })
  expect(visits()).toBe(1)
})
