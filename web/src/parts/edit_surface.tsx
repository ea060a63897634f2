// SPDX-License-Identifier: Apache-2.0
// The surface on which zones are drawn: pointer, touch and keyboard.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { colorOf } from '../colors'
import { type Selected, pointsOf, rightOf, setPoints } from '../editor'
import { centroid, clampPoint, edgesOf, insertCorner, middle, moveAll, moveCorner, moveEdge, removeCorner } from '../geometry'
import { t } from '../text'
import type { Layout, Line, Point } from '../types'

export type Tool = 'select' | 'zone' | 'line' | 'mask'

interface Props {
  layout: Layout
  selected: Selected | null
  tool: Tool
  aspect: number
  readOnly: boolean
  onSelect: (selected: Selected | null) => void
  /** `begins`: one step of undo starts here. */
  onChange: (layout: Layout, begins: boolean) => void
  onDrawn: (points: Point[]) => void
  onCancel: () => void
}

const STEP = 0.005
const LARGE_STEP = 0.02
const CLOSE_PX = 14
const MIDDLE: Point = [0.5, 0.5]

const percent = (value: number) => `${String(value * 100)}%`
const at = ([x, y]: Point) => ({ left: percent(x), top: percent(y) })
const pathOf = (points: Point[]) => points.map(([x, y]) => `${String(x)},${String(y)}`).join(' ')
const place = ([x, y]: Point) => t('placeIs', { x: Math.round(x * 100), y: Math.round(y * 100) })

function arrowStep(event: KeyboardEvent): Point | null {
  const step = event.shiftKey ? LARGE_STEP : STEP
  const steps: Record<string, Point> = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  }
  return steps[event.key] ?? null
}

type Grab = { what: 'corner' | 'edge' | 'whole'; number: number; from: Point; start: Point[]; moved: boolean; selected: Selected }

function dragged(grab: Grab, to: Point): Point[] {
  const dx = to[0] - grab.from[0]
  const dy = to[1] - grab.from[1]
  if (grab.what === 'whole') return moveAll(grab.start, dx, dy)
  if (grab.what === 'edge') return moveEdge(grab.start, grab.number, dx, dy)
  const corner = grab.start[grab.number] ?? to
  return moveCorner(grab.start, grab.number, [corner[0] + dx, corner[1] + dy])
}

/** Follows the pointer while a part of the selected shape is held. */
function useDrag(props: Props, where: (event: PointerEvent) => Point) {
  const grab = useRef<Grab | null>(null)
  const take = (event: PointerEvent, what: Grab['what'], number: number, selected: Selected, start: Point[], moved = false) => {
    if (event.button !== 0) return
    event.stopPropagation()
    if (props.readOnly) return
    grab.current = { what, number, from: where(event), start, moved, selected }
  }
  useEffect(() => {
    const move = (event: PointerEvent) => {
      const held = grab.current
      if (!held) return
      event.preventDefault()
      props.onChange(setPoints(props.layout, held.selected, dragged(held, where(event))), !held.moved)
      held.moved = true
    }
    const release = () => {
      grab.current = null
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', release)
    addEventListener('pointercancel', release)
    return () => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', release)
      removeEventListener('pointercancel', release)
    }
  })
  return take
}

type Take = ReturnType<typeof useDrag>

function Handles(props: Props & { take: Take; selected: Selected }) {
  const { selected, layout, take } = props
  const points = pointsOf(layout, selected)
  const isZone = selected.kind !== 'line'
  const set = (next: Point[]) => props.onChange(setPoints(layout, selected, next), true)
  const cornerKey = (event: KeyboardEvent, number: number, point: Point) => {
    const step = arrowStep(event)
    if (step) set(moveCorner(points, number, [point[0] + step[0], point[1] + step[1]]))
    else if (isZone && (event.key === 'Delete' || event.key === 'Backspace')) set(removeCorner(points, number))
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const wholeKey = (event: KeyboardEvent) => {
    const step = arrowStep(event)
    if (!step) return
    set(moveAll(points, step[0], step[1]))
    event.preventDefault()
  }
  return (
    <div class="handles">
      {isZone &&
        edgesOf(points).map(([a, b], i) => (
          <button
            key={`edge${String(i)}`}
            type="button"
            class="handle edge"
            style={at(middle(a, b))}
            aria-label={t('addCornerAfter', { n: i + 1 })}
            onPointerDown={(event) => {
              const next = insertCorner(points, i, middle(a, b))
              set(next)
              take(event, 'corner', i + 1, selected, next, true)
            }}
            onKeyDown={(event) => event.key === 'Enter' && set(insertCorner(points, i, middle(a, b)))}
          />
        ))}
      <button
        type="button"
        class="handle whole"
        style={at(isZone ? centroid(points) : middle(points[0] ?? [0, 0], points[1] ?? [0, 0]))}
        aria-label={t('moveWhole')}
        onPointerDown={(event) => take(event, 'whole', 0, selected, points)}
        onKeyDown={wholeKey}
      />
      {points.map((point, i) => (
        <button
          key={`corner${String(i)}`}
          type="button"
          class="handle corner"
          style={at(point)}
          aria-label={`${t('corner', { n: i + 1 })}, ${place(point)}`}
          onPointerDown={(event) => take(event, 'corner', i, selected, points)}
          onKeyDown={(event) => cornerKey(event, i, point)}
        />
      ))}
    </div>
  )
}

function LineShape(props: { line: Line; aspect: number; selected: boolean; onPointerDown: (event: PointerEvent) => void }) {
  const { start, end } = props.line.line
  const right = rightOf(props.line, props.aspect)
  const [x, y] = middle([start.x, start.y], [end.x, end.y])
  return (
    <g class={props.selected ? 'line selected' : 'line'} onPointerDown={props.onPointerDown}>
      <line x1={start.x} y1={start.y} x2={end.x} y2={end.y} class="hit" />
      <line x1={start.x} y1={start.y} x2={end.x} y2={end.y} />
      <line class="way" x1={x} y1={y} x2={x + right[0] * 0.07} y2={y + right[1] * 0.07} />
    </g>
  )
}

function TargetSide(props: { points: Point[]; side: number | undefined }) {
  const edge = props.side === undefined ? undefined : edgesOf(props.points)[props.side - 1]
  if (!edge) return null
  return <line class="target" x1={edge[0][0]} y1={edge[0][1]} x2={edge[1][0]} y2={edge[1][1]} />
}

function ShapesToEdit(props: Props & { take: Take }) {
  const { layout, selected, take, tool } = props
  const held = (kind: Selected['kind'], i: number) => selected?.kind === kind && selected.at === i
  const hold = (event: PointerEvent, kind: Selected['kind'], i: number, what: Grab['what'] = 'whole', number = 0) => {
    if (tool !== 'select') return
    props.onSelect({ kind, at: i })
    take(event, what, number, { kind, at: i }, pointsOf(layout, { kind, at: i }))
  }
  return (
    <>
      {layout.masks.map((mask, i) => (
        <polygon
          key={`mask${String(i)}`}
          class={held('mask', i) ? 'mask selected' : 'mask'}
          data-mask={mask.name}
          points={pathOf(mask.polygon)}
          onPointerDown={(event) => hold(event, 'mask', i)}
        />
      ))}
      {layout.zones.map((zone, i) => (
        <g key={i} style={{ color: colorOf(zone, i) }} class={held('zone', i) ? 'selected' : ''} data-zone={zone.name}>
          <polygon class="zone" points={pathOf(zone.polygon)} onPointerDown={(event) => hold(event, 'zone', i)} />
          {held('zone', i) &&
            edgesOf(zone.polygon).map(([a, b], k) => (
              <line key={k} class="hit" x1={a[0]} y1={a[1]} x2={b[0]} y2={b[1]} onPointerDown={(event) => hold(event, 'zone', i, 'edge', k)} />
            ))}
          <TargetSide points={zone.polygon} side={zone.target_side} />
        </g>
      ))}
      {layout.lines.map((line, i) => (
        <LineShape key={i} line={line} aspect={props.aspect} selected={held('line', i)} onPointerDown={(event) => hold(event, 'line', i)} />
      ))}
    </>
  )
}

function Draft(props: { points: Point[]; cursor: Point | null; tool: Tool }) {
  const all = props.cursor ? [...props.points, props.cursor] : props.points
  if (props.points.length === 0) return null
  return props.tool !== 'line' ? (
    <polygon class="draft" points={pathOf(all)} />
  ) : (
    <polyline class="draft" points={pathOf(all)} />
  )
}

export function EditSurface(props: Props) {
  const root = useRef<HTMLDivElement>(null)
  const [draft, setDraft] = useState<Point[]>([])
  const [cursor, setCursor] = useState<Point | null>(null)
  const where = (event: { clientX: number; clientY: number }): Point => {
    const box = root.current?.getBoundingClientRect()
    if (!box?.width) return [0, 0]
    return clampPoint([(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height])
  }
  const take = useDrag(props, where)
  const drawing = props.tool !== 'select'
  // At once, so that no key of a quick hand meets what was before the last.
  useLayoutEffect(() => {
    setDraft([])
    setCursor(null)
  }, [props.tool])
  const finish = (points: Point[]) => {
    setDraft([])
    if (points.length >= (props.tool === 'line' ? 2 : 3)) props.onDrawn(points)
  }
  const nearFirst = (point: Point) => {
    const box = root.current?.getBoundingClientRect()
    const first = draft[0]
    if (!box || !first || draft.length < 3) return false
    return Math.hypot((point[0] - first[0]) * box.width, (point[1] - first[1]) * box.height) < CLOSE_PX
  }
  const put = (point: Point) => {
    if (props.tool !== 'line' && nearFirst(point)) return finish(draft)
    const next = [...draft, point]
    if (props.tool === 'line' && next.length === 2) finish(next)
    else setDraft(next)
  }
  const press = (event: PointerEvent) => {
    if (event.button !== 0) return
    if (drawing) put(where(event))
    else props.onSelect(null)
  }
  /** The arrows move where the next corner will be, Space puts it. */
  const drawByKey = (event: KeyboardEvent): boolean => {
    const step = arrowStep(event)
    const from = cursor ?? MIDDLE
    if (step) setCursor(clampPoint([from[0] + step[0], from[1] + step[1]]))
    else if (event.key === ' ' && cursor) put(cursor)
    else if (event.key === 'Enter') finish(draft)
    else if (event.key === 'Escape') props.onCancel()
    else if (event.key === 'Backspace') setDraft(draft.slice(0, -1))
    else return false
    return true
  }
  useLayoutEffect(() => {
    if (!drawing) return
    const key = (event: KeyboardEvent) => {
      const writes = (event.target as Element).closest('input, select, textarea')
      if (!writes && drawByKey(event)) event.preventDefault()
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  })
  return (
    <div class={`edit ${drawing ? 'drawing' : ''}`} onPointerDown={press} onPointerMove={(event) => drawing && setCursor(where(event))}>
      <div class="plane" ref={root}>
        <svg class="shapes" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          <ShapesToEdit {...props} take={take} />
          <Draft points={draft} cursor={cursor} tool={props.tool} />
        </svg>
        {draft.map((point, i) => (
          <span key={i} class="handle corner draft" style={at(point)} />
        ))}
        {drawing && cursor && <span class="handle cursor" style={at(cursor)} />}
        <span class="unseen" role="status">
          {drawing && cursor && t('drawnAt', { n: draft.length, place: place(cursor) })}
        </span>
        {!drawing && !props.readOnly && props.selected && <Handles {...props} selected={props.selected} take={take} />}
      </div>
    </div>
  )
}
