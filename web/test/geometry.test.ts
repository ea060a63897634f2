// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import {
  centroid, clampPoint, closePolygon, crossesItself, insertCorner, inside, lineTrouble, moveAll, moveCorner, moveEdge,
  openPolygon, overlap, raiseLabels, removeCorner, signedArea, startRectangle, thickness, troubleOf,
} from '../src/geometry'
import type { Line, Point, Zone } from '../src/types'

const square: Point[] = [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.6]]
const bowTie: Point[] = [[0.2, 0.2], [0.6, 0.6], [0.6, 0.2], [0.2, 0.6]]
const zone = (name: string, polygon: Point[]): Zone => ({ name, polygon })

describe('polygons', () => {
  it('are opened and closed without loss', () => {
    expect(openPolygon(closePolygon(square))).toEqual(square)
    expect(openPolygon(square)).toEqual(square)
    expect(closePolygon([])).toEqual([])
  })
  it('have an area, a middle and a thickness', () => {
    expect(Math.abs(signedArea(square))).toBeCloseTo(0.16)
    expect(centroid(square).map((v) => Number(v.toFixed(6)))).toEqual([0.4, 0.4])
    expect(thickness(square)).toBeCloseTo(0.2)
    expect(thickness([[0, 0], [1, 0], [1, 0.01], [0, 0.01]])).toBeCloseTo(0.01, 3)
  })
  it('hold what is inside, even where they are bent', () => {
    const bent: Point[] = [[0, 0], [1, 0], [1, 1], [0.5, 0.2], [0, 1]]
    expect(inside([0.5, 0.1], bent)).toBe(true)
    expect(inside([0.5, 0.5], bent)).toBe(false)
  })
  it('cross themselves or not', () => {
    expect(crossesItself(square)).toBe(false)
    expect(crossesItself(bowTie)).toBe(true)
  })
})

describe('two polygons', () => {
  it('overlap when one holds a corner of the other, or when only their sides cross', () => {
    const bar = (x: number, y: number, w: number, h: number): Point[] => [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]
    expect(overlap(square, bar(0.5, 0.5, 0.4, 0.4))).toBe(true)
    expect(overlap(square, bar(0.3, 0.3, 0.1, 0.1))).toBe(true)
    expect(overlap(bar(0.3, 0.3, 0.1, 0.1), square)).toBe(true)
    expect(overlap(square, bar(0.1, 0.3, 0.8, 0.1))).toBe(true)
    expect(overlap(square, bar(0.7, 0.2, 0.1, 0.4))).toBe(false)
  })
})

describe('editing', () => {
  it('moves a corner and leaves the others', () => {
    expect(moveCorner(square, 1, [0.7, 0.1])).toEqual([[0.2, 0.2], [0.7, 0.1], [0.6, 0.6], [0.2, 0.6]])
    expect(square[1]).toEqual([0.6, 0.2])
  })
  it('moves both ends of an edge, the last one included', () => {
    expect(moveEdge(square, 3, -0.1, 0)).toEqual([[0.1, 0.2], [0.6, 0.2], [0.6, 0.6], [0.1, 0.6]])
  })
  it('puts a corner behind the edge it was taken from', () => {
    expect(insertCorner(square, 0, [0.4, 0.1])[1]).toEqual([0.4, 0.1])
    expect(insertCorner(square, 3, [0.1, 0.4])[4]).toEqual([0.1, 0.4])
  })
  it('never leaves fewer than three corners', () => {
    const triangle = removeCorner(square, 0)
    expect(triangle).toHaveLength(3)
    expect(removeCorner(triangle, 0)).toEqual(triangle)
  })
  it('keeps the shape when it is pushed against the edge of the picture', () => {
    const pushed = moveAll(square, 5, -5)
    expect(pushed[0]).toEqual([0.8, -0.2])
    expect(Math.abs(signedArea(pushed))).toBeCloseTo(0.16)
  })
  it('keeps corners within what feet may hang over, at four digits', () => {
    expect(clampPoint([9, -9])).toEqual([1.2, -0.2])
    expect(clampPoint([0.123456, 0.5])).toEqual([0.1235, 0.5])
  })
})

describe('what cannot work', () => {
  const seen = { height: 0.3, fps: 5 }
  it.each([
    ['name', zone(' ', square)],
    ['corners', zone('a', square.slice(0, 2))],
    ['crossing', zone('a', bowTie)],
    ['flat', zone('a', [[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]])],
    ['outside', zone('a', [[1.05, 0.4], [1.15, 0.4], [1.15, 0.6], [1.05, 0.6]])],
    ['thin', zone('a', [[0.1, 0.5], [0.9, 0.5], [0.9, 0.53], [0.1, 0.53]])],
  ] as const)('is told: %s', (trouble, bad) => {
    expect(troubleOf(bad, [bad], seen)).toBe(trouble)
  })
  it('is a zone above the horizon, which may be oblique', () => {
    const [high, low] = [zone('a', square), zone('b', square.map(([x, y]) => [x, y + 0.35] as Point))]
    const horizon: [Point, Point] = [[0, 0.3], [1, 0.7]]
    expect(troubleOf(high, [], { ...seen, horizon })).toBe('above')
    expect(troubleOf(low, [], { ...seen, horizon })).toBeNull()
    expect(troubleOf(high, [], { ...seen, horizon: [[0, 0.7], [1, 0.1]] })).toBe('above')
    expect(troubleOf(high, [], { ...seen, horizon: [[0, 0.3], [1, 0.3]] })).toBeNull()
    expect(troubleOf(high, [], { ...seen, horizon: null })).toBeNull()
  })
  it('is a zone into which nobody ever went, once enough people were seen', () => {
    const feet = { columns: 10, rows: 10, walked: [[0.7, 0.5], [0.8, 0.5]] as Point[], seconds: 3600 }
    expect(troubleOf(zone('a', square), [], { ...seen, feet })).toBe('unwalked')
    expect(troubleOf(zone('a', square), [], { ...seen, feet: { ...feet, seconds: 300 } })).toBeNull()
    const reaching = zone('a', square.map(([x, y]) => [x + 0.15, y] as Point))
    expect(troubleOf(reaching, [], { ...seen, feet })).toBeNull()
    const withinCell = zone('a', [[0.72, 0.52], [0.78, 0.52], [0.78, 0.58], [0.72, 0.58]])
    expect(troubleOf(withinCell, [], { fps: 5, feet })).toBeNull()
  })
  it('is a name used twice', () => {
    expect(troubleOf(zone('a', square), [zone('a', square), zone('a', square)], seen)).toBe('double')
  })
  it('is nothing about an ordinary zone, or about the one that drawing by keyboard begins with', () => {
    expect(troubleOf(zone('a', square), [], seen)).toBeNull()
    for (let n = 0; n < 9; n++) expect(troubleOf(zone('a', startRectangle(n)), [], seen)).toBeNull()
  })
  it('does not call a zone thin before anybody was seen', () => {
    expect(troubleOf(zone('a', [[0.1, 0.5], [0.9, 0.5], [0.9, 0.53], [0.1, 0.53]]), [], null)).toBeNull()
  })
  it('is a line that is a point', () => {
    const line: Line = { name: 'door', line: { start: { x: 0.5, y: 0.5 }, end: { x: 0.505, y: 0.5 } } }
    expect(lineTrouble(line, [line])).toBe('flat')
    expect(lineTrouble({ ...line, line: { start: { x: 0.1, y: 0.5 }, end: { x: 0.5, y: 0.5 } } }, [line])).toBeNull()
  })
})

describe('labels', () => {
  const label = (x: number, y: number) => ({ x, y, width: 50 })
  it('are raised above those they would hide, and no further', () => {
    expect(raiseLabels([label(100, 200), label(160, 200)], 20)).toEqual([0, 0])
    expect(raiseLabels([label(100, 200), label(120, 205), label(110, 195)], 20)).toEqual([0, 2, 3])
    expect(raiseLabels([label(100, 200), label(120, 170)], 20)).toEqual([0, 0])
    expect(raiseLabels([], 20)).toEqual([])
  })
})
