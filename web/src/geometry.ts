// SPDX-License-Identifier: Apache-2.0
// Polygons on the picture: shares of its width and height, corners without the closing repetition.
import type { Line, Point, Zone } from './types'

/** Feet that the camera does not see: a corner may lie this far outside. */
export const OVERHANG = 0.2
const DIGITS = 4

export const clampCoordinate = (value: number): number => {
  const scale = 10 ** DIGITS
  return Math.round(Math.min(1 + OVERHANG, Math.max(-OVERHANG, value)) * scale) / scale
}

export const clampPoint = ([x, y]: Point): Point => [clampCoordinate(x), clampCoordinate(y)]

/** Zones files repeat the first corner at the end. */
export function openPolygon(points: Point[]): Point[] {
  const first = points[0]
  const last = points.at(-1)
  const closed = points.length > 1 && first && last && first[0] === last[0] && first[1] === last[1]
  return closed ? points.slice(0, -1) : points.slice()
}

export function closePolygon(points: Point[]): Point[] {
  return points[0] ? [...points, points[0]] : []
}

export function edgesOf(points: Point[]): [Point, Point][] {
  return points.map((point, i) => [point, points[(i + 1) % points.length] ?? point])
}

export function signedArea(points: Point[]): number {
  return edgesOf(points).reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0) / 2
}

export function perimeter(points: Point[]): number {
  return edgesOf(points).reduce((sum, [a, b]) => sum + Math.hypot(b[0] - a[0], b[1] - a[1]), 0)
}

/** The middle of the area; of the corners when there is none. */
export function centroid(points: Point[]): Point {
  const area = signedArea(points)
  if (Math.abs(area) < 1e-9) {
    const sum = points.reduce((s, p) => [s[0] + p[0], s[1] + p[1]], [0, 0])
    return [sum[0] / (points.length || 1), sum[1] / (points.length || 1)]
  }
  let x = 0
  let y = 0
  for (const [a, b] of edgesOf(points)) {
    const cross = a[0] * b[1] - b[0] * a[1]
    x += (a[0] + b[0]) * cross
    y += (a[1] + b[1]) * cross
  }
  return [x / (6 * area), y / (6 * area)]
}

export function middle(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
}

export function inside(point: Point, points: Point[]): boolean {
  let odd = false
  for (const [a, b] of edgesOf(points))
    if (a[1] > point[1] !== b[1] > point[1] && point[0] < ((b[0] - a[0]) * (point[1] - a[1])) / (b[1] - a[1]) + a[0])
      odd = !odd
  return odd
}

const turn = (a: Point, b: Point, c: Point) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

export function segmentsCross(a: Point, b: Point, c: Point, d: Point): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0
}

export function crossesItself(points: Point[]): boolean {
  const edges = edgesOf(points)
  return edges.some(([a, b], i) => edges.slice(i + 1).some(([c, d]) => segmentsCross(a, b, c, d)))
}

export function moveAll(points: Point[], dx: number, dy: number): Point[] {
  const least = -OVERHANG
  const most = 1 + OVERHANG
  const xs = points.map((p) => p[0])
  const ys = points.map((p) => p[1])
  const x = Math.min(most - Math.max(...xs), Math.max(least - Math.min(...xs), dx))
  const y = Math.min(most - Math.max(...ys), Math.max(least - Math.min(...ys), dy))
  return points.map((p) => clampPoint([p[0] + x, p[1] + y]))
}

export function moveCorner(points: Point[], at: number, to: Point): Point[] {
  return points.map((p, i) => (i === at ? clampPoint(to) : p))
}

/** Both ends of edge `at` move; edges count from 0. */
export function moveEdge(points: Point[], at: number, dx: number, dy: number): Point[] {
  const other = (at + 1) % points.length
  return points.map((p, i) => (i === at || i === other ? clampPoint([p[0] + dx, p[1] + dy]) : p))
}

export function insertCorner(points: Point[], edge: number, point: Point): Point[] {
  return [...points.slice(0, edge + 1), clampPoint(point), ...points.slice(edge + 1)]
}

export function removeCorner(points: Point[], at: number): Point[] {
  return points.length > 3 ? points.filter((_, i) => i !== at) : points
}

/** A zone to begin with for who draws by keyboard. */
export function startRectangle(number: number): Point[] {
  const shift = (number % 5) * 0.04
  return [
    [0.35 + shift, 0.5 + shift],
    [0.65 + shift, 0.5 + shift],
    [0.65 + shift, 0.75 + shift],
    [0.35 + shift, 0.75 + shift],
  ].map((p) => clampPoint(p as Point))
}

/** Width of a ribbon of this area and outline: how thin a zone is at its thinnest, roughly. */
export function thickness(points: Point[]): number {
  const half = perimeter(points) / 2
  return half > 0 ? Math.abs(signedArea(points)) / half : 0
}

export type Trouble = 'crossing' | 'flat' | 'outside' | 'above' | 'thin' | 'unwalked' | 'name' | 'double' | 'corners'

/** What is known of a camera: how large people are on its picture and how often they are looked at, where its floor ends
 * at the left and right edge, and where feet were. */
export interface Seen {
  height?: number | undefined
  fps: number
  horizon?: [Point, Point] | null
  feet?: Feet | null
}

/** A grid over the picture. */
export interface Feet {
  columns: number
  rows: number
  /** Corners from the top left of the cells in which anybody stood, and how long all were seen. */
  walked: Point[]
  seconds: number
}

/** Less says nothing about where nobody goes. */
const FEET_ENOUGH_S = 600

/** Somebody walks about 0.8 body heights in a second; a zone thinner than a step is skipped. */
const HEIGHTS_PER_SECOND = 0.8

/** Whether the two have any place in common. */
export function overlap(one: Point[], other: Point[]): boolean {
  return (
    one.some((point) => inside(point, other)) ||
    other.some((point) => inside(point, one)) ||
    edgesOf(one).some(([a, b]) => edgesOf(other).some(([c, d]) => segmentsCross(a, b, c, d)))
  )
}

function isWalked(points: Point[], { columns, rows, walked }: Feet): boolean {
  const [w, h] = [1 / columns, 1 / rows]
  return walked.some(([x, y]) => overlap(points, [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]))
}

/** How far somebody walks between two looks, as a share of the picture; 0 when it is not known. */
export const stepOf = ({ height, fps }: Seen) => (fps > 0 && height ? (HEIGHTS_PER_SECOND * height) / fps : 0)

function floorTrouble(points: Point[], seen: Seen): Trouble | null {
  const [x, y] = centroid(points)
  if (seen.horizon) {
    const [[, left], [, right]] = seen.horizon
    if (y < left + (right - left) * x) return 'above'
  }
  if (thickness(points) < stepOf(seen)) return 'thin'
  return seen.feet && seen.feet.seconds >= FEET_ENOUGH_S && !isWalked(points, seen.feet) ? 'unwalked' : null
}

function shapeTrouble(points: Point[], seen: Seen | null): Trouble | null {
  if (points.length < 3) return 'corners'
  if (crossesItself(points)) return 'crossing'
  if (Math.abs(signedArea(points)) < 1e-5) return 'flat'
  const [x, y] = centroid(points)
  if (x < 0 || x > 1 || y < 0 || y > 1) return 'outside'
  return seen && floorTrouble(points, seen)
}

/** What the program would refuse; the others are warnings. */
export const REFUSED: readonly Trouble[] = ['crossing', 'flat', 'name', 'double', 'corners']

export function troubleOf(zone: Zone, zones: Zone[], seen: Seen | null): Trouble | null {
  if (zone.name.trim() === '') return 'name'
  if (zones.filter((other) => other.name === zone.name).length > 1) return 'double'
  return shapeTrouble(openPolygon(zone.polygon), seen)
}

export function lineTrouble(line: Line, lines: Line[]): Trouble | null {
  if (line.name.trim() === '') return 'name'
  if (lines.filter((other) => other.name === line.name).length > 1) return 'double'
  const { start, end } = line.line
  return Math.hypot(end.x - start.x, end.y - start.y) < 0.02 ? 'flat' : null
}

/** A label above a point: in pixels, its middle and its lower edge. */
export interface Label {
  x: number
  y: number
  width: number
}

/** How many labels' heights each is to be raised so that it hides none of those before it. */
export function raiseLabels(labels: Label[], height: number): number[] {
  const placed: Label[] = []
  return labels.map(({ x, y, width }) => {
    const hides = (at: number) => placed.some((other) => Math.abs(other.x - x) < (other.width + width) / 2 && Math.abs(other.y - at) < height)
    let raised = 0
    while (hides(y - raised * height)) raised++
    placed.push({ x, y: y - raised * height, width })
    return raised
  })
}
