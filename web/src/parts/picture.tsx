// SPDX-License-Identifier: Apache-2.0
// A camera's picture as the site's privacy allows, with whatever is drawn over it.
import type { ComponentChildren } from 'preact'
import { memo } from 'preact/compat'
import { useEffect, useRef, useState } from 'preact/hooks'
import { BASE, encode } from '../api'
import { colorOf } from '../colors'
import { openPolygon } from '../geometry'
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

function PersonMark(props: { person: Person; colors: Map<string, string> }) {
  const { box, anchor, zones, person, role } = props.person
  const here = zones[0]
  const color = here ? (props.colors.get(here.zone) ?? '#fff') : '#fff'
  return (
    <div class={zones.length ? 'person inside' : 'person'} style={{ color }}>
      <div class="box" style={{ left: percent(box[0]), top: percent(box[1]), width: percent(box[2]), height: percent(box[3]) }} />
      <div class="anchor" style={{ left: percent(anchor[0]), top: percent(anchor[1]) }} />
      {here && (
        <div class="clock" data-person={person} style={{ left: percent(box[0] + box[2] / 2), top: percent(Math.max(0.05, box[1])) }}>
          {zones.map((z) => seconds(z.seconds)).join(' · ')}
          {role === 'staff' && <em> {t('staff')}</em>}
        </div>
      )}
    </div>
  )
}

/** People of the last moment; only this is drawn again at each of them. */
export function People(props: { camera: string; layout: Layout }) {
  const moment = momentOf(props.camera).value
  const colors = new Map(props.layout.zones.map((zone, i) => [zone.name, colorOf(zone, i)]))
  const busy = new Set(moment?.people.flatMap((p) => p.zones.map((z) => z.zone)))
  return (
    <>
      <Shapes layout={props.layout} busy={[...busy].sort().join('\n')} />
      <div class="people" aria-hidden="true">
        {moment?.people.map((person) => <PersonMark key={person.person} person={person} colors={colors} />)}
      </div>
    </>
  )
}
