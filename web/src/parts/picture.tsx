// SPDX-License-Identifier: Apache-2.0
// A camera's picture as the site's privacy allows, with whatever is drawn over it.
import type { ComponentChildren } from 'preact'
import { memo } from 'preact/compat'
import { useEffect, useRef, useState } from 'preact/hooks'
import { BASE, encode } from '../api'
import { colorOf } from '../colors'
import { openPolygon, raiseLabels } from '../geometry'
import { momentOf, site } from '../live'
import { seconds } from '../format'
import { t } from '../text'
import type { Camera, Layout, Person } from '../types'

const STILL_MS = 10_000

export const snapshotUrl = (camera: string) => `${BASE}/cameras/${encode(camera)}/snapshot`

/** Asks for the next picture when the last has come, at most `perSecond` a second. */
export function Snapshot(props: { camera: string; perSecond: number; alt?: string }) {
  const [turn, setTurn] = useState(0)
  const [there, setThere] = useState(true)
  const asked = useRef(0)
  const privacy = site.value?.privacy ?? 'off'
  const pause = privacy === 'blurred' ? STILL_MS : 1000 / props.perSecond
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    asked.current = performance.now()
    setThere(true)
  }, [turn, props.camera])
  if (privacy === 'off') return null
  const next = (delay: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setTurn((n) => n + 1), delay)
  }
  return (
    <img
      class={there ? '' : 'missing'}
      src={`${snapshotUrl(props.camera)}?t=${String(turn)}`}
      alt={props.alt ?? t('pictureOf', { camera: props.camera })}
      onLoad={() => next(document.hidden ? 1000 : Math.max(0, pause - (performance.now() - asked.current)))}
      onError={() => {
        setThere(false)
        next(2000)
      }}
    />
  )
}

/** `camera` may be one of a report, of which nobody knows how it is now. */
export function Frame(props: { camera: Pick<Camera, 'width_px' | 'height_px'> & { state?: Camera['state'] }; children: ComponentChildren; large?: boolean }) {
  const { width_px: width, height_px: height, state } = props.camera
  return (
    <div class={`frame ${props.large ? 'large' : ''}`} style={{ aspectRatio: width && height ? `${String(width)} / ${String(height)}` : '4 / 3' }}>
      {props.children}
      {props.large && state && state !== 'running' && (
        <p class="no-picture">
          {t('noPicture')}: {t(`state_${state}`)}
        </p>
      )}
    </div>
  )
}

const pathOf = (points: [number, number][]) => points.map(([x, y]) => `${String(x)},${String(y)}`).join(' ')

/** Zones and lines; `busy` ones, with somebody inside, are drawn stronger. */
export const Shapes = memo(function Shapes(props: { layout: Layout; busy?: string }) {
  const busy = new Set(props.busy?.split('\n'))
  return (
    <svg class="shapes" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      {props.layout.masks.map((mask) => (
        <polygon key={`mask ${mask.name}`} class="mask" points={pathOf(openPolygon(mask.polygon))} />
      ))}
      {props.layout.zones.map((zone, i) => (
        <polygon
          key={zone.name}
          points={pathOf(openPolygon(zone.polygon))}
          class={busy.has(zone.name) ? 'zone busy' : 'zone'}
          style={{ color: colorOf(zone, i) }}
        />
      ))}
      {props.layout.lines.map(({ name, line }) => (
        <line key={name} class="line" x1={line.start.x} y1={line.start.y} x2={line.end.x} y2={line.end.y} />
      ))}
    </svg>
  )
})

const percent = (value: number) => `${String(value * 100)}%`

/** Of a clock, in pixels: as style.css lays it out. */
const CLOCK_HEIGHT = 24
const CLOCK_PADDING = 15
const CLOCK_LETTER = 8

const clockOf = ({ zones }: Person) => zones.map((z) => seconds(z.seconds)).join(' · ')
const roleOf = ({ role }: Person) => (role === 'staff' ? ` ${t('staff')}` : '')
const clockTop = (person: Person) => Math.max(0.05, person.box[1])

/** By person, so that nobody's clock moves because somebody else comes. */
function raiseClocks(people: Person[], { clientWidth, clientHeight }: HTMLElement): Map<number, number> {
  const timed = people.filter((p) => p.zones.length > 0).sort((a, b) => a.person - b.person)
  const labels = timed.map((p) => ({
    x: (p.box[0] + p.box[2] / 2) * clientWidth,
    y: clockTop(p) * clientHeight,
    width: (clockOf(p) + roleOf(p)).length * CLOCK_LETTER + CLOCK_PADDING,
  }))
  const raised = raiseLabels(labels, CLOCK_HEIGHT)
  return new Map(timed.map((p, i) => [p.person, raised[i] ?? 0]))
}

function PersonMark(props: { person: Person; colors: Map<string, string>; raised: number }) {
  const { box, anchor, zones, person } = props.person
  const here = zones[0]
  const color = here ? (props.colors.get(here.zone) ?? '#fff') : '#fff'
  return (
    <div class={zones.length ? 'person inside' : 'person'} style={{ color }}>
      <div class="box" style={{ left: percent(box[0]), top: percent(box[1]), width: percent(box[2]), height: percent(box[3]) }} />
      <div class="anchor" style={{ left: percent(anchor[0]), top: percent(anchor[1]) }} />
      {here && (
        <div
          class="clock"
          data-person={person}
          style={{ left: percent(box[0] + box[2] / 2), top: `calc(${percent(clockTop(props.person))} - ${String(props.raised * CLOCK_HEIGHT)}px)` }}
        >
          {clockOf(props.person)}
          <em>{roleOf(props.person)}</em>
        </div>
      )}
    </div>
  )
}

/** People of the last moment; only this is drawn again at each of them. */
export function People(props: { camera: string; layout: Layout }) {
  const moment = momentOf(props.camera).value
  const plane = useRef<HTMLDivElement>(null)
  const people = moment?.people ?? []
  const raised = plane.current ? raiseClocks(people, plane.current) : new Map<number, number>()
  const colors = new Map(props.layout.zones.map((zone, i) => [zone.name, colorOf(zone, i)]))
  const busy = new Set(people.flatMap((p) => p.zones.map((z) => z.zone)))
  return (
    <>
      <Shapes layout={props.layout} busy={[...busy].sort().join('\n')} />
      <div class="people" aria-hidden="true" ref={plane}>
        {people.map((person) => (
          <PersonMark key={person.person} person={person} colors={colors} raised={raised.get(person.person) ?? 0} />
        ))}
      </div>
    </>
  )
}
