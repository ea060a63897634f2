// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { addLine, addPolygon, closeLayout, copy, freshName, openLayout, remove, rightOf, setPoints, withKey } from '../src/editor'
import type { Layout } from '../src/types'

const stored: Layout = {
  zones: [{ name: 'table', polygon: [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.2]], target_side: 2, events: [{ type: 'zonedwelltime' }], grace: 2 }],
  lines: [{ name: 'door', line: { start: { x: 0.1, y: 0.9 }, end: { x: 0.9, y: 0.9 } } }],
  masks: [{ name: 'till', polygon: [[0, 0], [0.2, 0], [0.2, 0.2], [0, 0]] }],
}
const zone = { kind: 'zone', at: 0 } as const

describe('a layout', () => {
  it('comes back as it was, keys that the page does not know included', () => {
    expect(closeLayout(openLayout(stored))).toEqual(stored)
  })
  it('gives new shapes names that nobody has', () => {
    const more = addPolygon(addPolygon(openLayout(stored), 'zone', [], 'zone'), 'zone', [], 'zone')
    expect(more.zones.map((z) => z.name)).toEqual(['table', 'zone 1', 'zone 2'])
    expect(freshName('zone', ['zone 1', 'zone 3'])).toBe('zone 2')
  })
  it('copies a zone with its settings, beside the old one', () => {
    const both = copy(openLayout(stored), zone)
    expect(both.zones[1]).toMatchObject({ name: 'table 1', grace: 2, target_side: 2 })
    expect(both.zones[1]?.polygon[0]).toEqual([0.24, 0.24])
    expect(copy(stored, { kind: 'line', at: 0 }).lines[1]?.name).toBe('door 1')
  })
  it('forgets the side at the display when the number of corners changes, not when one moves', () => {
    const open = openLayout(stored)
    const moved = setPoints(open, zone, [[0.1, 0.2], [0.6, 0.2], [0.6, 0.6]])
    expect(moved.zones[0]?.target_side).toBe(2)
    const more = setPoints(open, zone, [[0.1, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.6]])
    expect(more.zones[0]).not.toHaveProperty('target_side')
  })
  it('takes a setting out again', () => {
    const [table] = stored.zones
    if (!table) throw new Error('no zone')
    expect(withKey(table, 'grace', undefined)).not.toHaveProperty('grace')
    expect(withKey(table, 'grace', 3)).toMatchObject({ grace: 3, name: 'table' })
  })
  it('has masks that are moved, copied and removed as zones are', () => {
    const mask = { kind: 'mask', at: 0 } as const
    const open = openLayout(stored)
    expect(setPoints(open, mask, [[0, 0], [1, 0], [1, 1]]).masks[0]?.polygon).toEqual([[0, 0], [1, 0], [1, 1]])
    expect(copy(open, mask).masks.map((m) => m.name)).toEqual(['till', 'till 1'])
    expect(addPolygon(open, 'mask', [], 'mask').masks[1]?.name).toBe('mask 1')
    expect(remove(stored, mask)).toEqual({ ...stored, masks: [] })
  })
  it('loses only what is removed', () => {
    expect(remove(stored, zone)).toEqual({ ...stored, zones: [] })
    expect(remove(stored, { kind: 'line', at: 0 })).toEqual({ ...stored, lines: [] })
  })
})

describe('the right of a line', () => {
  it('is where the right hand is of who stands at its start and faces its end', () => {
    const up = addLine({ zones: [], lines: [], masks: [] }, [0.5, 0.9], [0.5, 0.1], 'line').lines[0]
    const right = addLine({ zones: [], lines: [], masks: [] }, [0.1, 0.5], [0.9, 0.5], 'line').lines[0]
    if (!up || !right) throw new Error('no line')
    expect(rightOf(up, 1).map(Math.round)).toEqual([1, 0])
    expect(rightOf(right, 1).map(Math.round)).toEqual([-0, 1])
  })
})
