// SPDX-License-Identifier: Apache-2.0
// Undo and redo over values that are never changed in place.

export interface History<T> {
  past: T[]
  present: T
  future: T[]
}

const MOST = 200

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] })

export function change<T>(history: History<T>, next: T): History<T> {
  if (Object.is(next, history.present)) return history
  return { past: [...history.past, history.present].slice(-MOST), present: next, future: [] }
}

/** While something is dragged: the last change grows, so that one undo takes all of it back. */
export function amend<T>(history: History<T>, next: T): History<T> {
  return { ...history, present: next, future: [] }
}

export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1)
  if (last === undefined) return history
  return { past: history.past.slice(0, -1), present: last, future: [history.present, ...history.future] }
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future
  if (next === undefined) return history
  return { past: [...history.past, history.present], present: next, future }
}
