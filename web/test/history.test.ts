// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { amend, begin, change, redo, undo } from '../src/history'

describe('undo', () => {
  it('goes back and forth', () => {
    const three = change(change(begin(1), 2), 3)
    expect(undo(three).present).toBe(2)
    expect(undo(undo(three)).present).toBe(1)
    expect(redo(undo(three)).present).toBe(3)
  })
  it('does nothing at either end', () => {
    expect(undo(begin(1))).toEqual(begin(1))
    expect(redo(begin(1))).toEqual(begin(1))
  })
  it('forgets what was undone when something else is done', () => {
    expect(redo(change(undo(change(begin(1), 2)), 5)).present).toBe(5)
  })
  it('takes a whole drag back at once', () => {
    const dragged = amend(amend(change(begin(0), 1), 2), 3)
    expect(dragged.present).toBe(3)
    expect(undo(dragged).present).toBe(0)
  })
  it('does not note what changed nothing', () => {
    expect(change(begin(1), 1).past).toEqual([])
  })
  it('keeps the last 200 steps', () => {
    let history = begin(0)
    for (let n = 1; n <= 300; n++) history = change(history, n)
    expect(history.past).toHaveLength(200)
    expect(history.past[0]).toBe(100)
  })
})
