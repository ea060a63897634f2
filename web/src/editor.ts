// SPDX-License-Identifier: Apache-2.0
// Changes to zones and lines, as values: each gives a new layout and leaves the old one alone.
import { closePolygon, moveAll, openPolygon } from './geometry'
import type { Layout, Line, Point, Zone } from './types'

export interface Selected {
  kind: 'zone' | 'line' | 'mask'
  at: number
}

/** The list in which polygons of this kind stand. */
const listOf = (kind: 'zone' | 'mask') => (kind === 'zone' ? 'zones' : 'masks')

/** While edited, polygons do not repeat their first corner. */
export const openLayout = (layout: Layout): Layout => ({
  zones: layout.zones.map((zone) => ({ ...zone, polygon: openPolygon(zone.polygon) })),
  lines: layout.lines,
  masks: layout.masks.map((mask) => ({ ...mask, polygon: openPolygon(mask.polygon) })),
})

export const closeLayout = (layout: Layout): Layout => ({
  zones: layout.zones.map((zone) => ({ ...zone, name: zone.name.trim(), polygon: closePolygon(zone.polygon) })),
  lines: layout.lines.map((line) => ({ ...line, name: line.name.trim() })),
  masks: layout.masks.map((mask) => ({ ...mask, name: mask.name.trim(), polygon: closePolygon(mask.polygon) })),
})

export function freshName(base: string, taken: string[]): string {
  for (let n = 1; ; n++) {
    const name = `${base} ${String(n)}`
    if (!taken.includes(name)) return name
  }
}

export function addPolygon(layout: Layout, kind: 'zone' | 'mask', polygon: Point[], word: string): Layout {
  const list = layout[listOf(kind)]
  const name = freshName(word, list.map((z) => z.name))
  return { ...layout, [listOf(kind)]: [...list, { name, polygon }] }
}

export function addLine(layout: Layout, start: Point, end: Point, word: string): Layout {
  const name = freshName(word, layout.lines.map((l) => l.name))
  const line: Line = { name, line: { start: { x: start[0], y: start[1] }, end: { x: end[0], y: end[1] } } }
  return { ...layout, lines: [...layout.lines, line] }
}

export function setZone(layout: Layout, at: number, zone: Zone): Layout {
  return { ...layout, zones: layout.zones.map((old, i) => (i === at ? zone : old)) }
}

export function setMask(layout: Layout, at: number, mask: Zone): Layout {
  return { ...layout, masks: layout.masks.map((old, i) => (i === at ? mask : old)) }
}

export function setLine(layout: Layout, at: number, line: Line): Layout {
  return { ...layout, lines: layout.lines.map((old, i) => (i === at ? line : old)) }
}

/** `undefined` takes the key out, so that the default holds again. */
export function withKey<T extends Zone | Line>(shape: T, key: string, value: unknown): T {
  const others = Object.entries(shape).filter(([name]) => name !== key)
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]]) as T
}

/** The side at the display is an edge's number; a changed number of corners makes it void. */
export function setPolygon(zone: Zone, polygon: Point[]): Zone {
  const next = { ...zone, polygon }
  return polygon.length === zone.polygon.length ? next : withKey(next, 'target_side', undefined)
}

export function remove(layout: Layout, { kind, at }: Selected): Layout {
  return kind === 'line'
    ? { ...layout, lines: layout.lines.filter((_, i) => i !== at) }
    : { ...layout, [listOf(kind)]: layout[listOf(kind)].filter((_, i) => i !== at) }
}

const COPY_SHIFT = 0.04

function linePoints({ line }: Line): [Point, Point] {
  return [
    [line.start.x, line.start.y],
    [line.end.x, line.end.y],
  ]
}

export function setLinePoints(line: Line, points: Point[]): Line {
  const [start, end] = points
  if (!start || !end) return line
  return { ...line, line: { start: { x: start[0], y: start[1] }, end: { x: end[0], y: end[1] } } }
}

export function copy(layout: Layout, { kind, at }: Selected): Layout {
  if (kind !== 'line') {
    const list = layout[listOf(kind)]
    const zone = list[at]
    if (!zone) return layout
    const name = freshName(zone.name, list.map((z) => z.name))
    const polygon = moveAll(zone.polygon, COPY_SHIFT, COPY_SHIFT)
    return { ...layout, [listOf(kind)]: [...list, { ...zone, name, polygon }] }
  }
  const line = layout.lines[at]
  if (!line) return layout
  const name = freshName(line.name, layout.lines.map((l) => l.name))
  const moved = setLinePoints({ ...line, name }, moveAll(linePoints(line), COPY_SHIFT, COPY_SHIFT))
  return { ...layout, lines: [...layout.lines, moved] }
}

/** Corners of what is selected: a line has two. */
export function pointsOf(layout: Layout, { kind, at }: Selected): Point[] {
  if (kind !== 'line') return layout[listOf(kind)][at]?.polygon ?? []
  const line = layout.lines[at]
  return line ? linePoints(line) : []
}

export function setPoints(layout: Layout, { kind, at }: Selected, points: Point[]): Layout {
  if (kind === 'zone') {
    const zone = layout.zones[at]
    return zone ? setZone(layout, at, setPolygon(zone, points)) : layout
  }
  if (kind === 'mask') {
    const mask = layout.masks[at]
    return mask ? setMask(layout, at, { ...mask, polygon: points }) : layout
  }
  const line = layout.lines[at]
  return line ? setLine(layout, at, setLinePoints(line, points)) : layout
}

/** Which way "to the right" is: who stands at the start and faces the end. In shares of the picture. */
export function rightOf(line: Line, aspect: number): Point {
  const [start, end] = linePoints(line)
  const dx = (end[0] - start[0]) * aspect
  const dy = end[1] - start[1]
  const length = Math.hypot(dx, dy) || 1
  return [-dy / length / aspect, dx / length]
}
