// SPDX-License-Identifier: Apache-2.0
// Live: one camera large, the others beside, figures of today, what happened last.
import { useState } from 'preact/hooks'
import { encode, get } from '../api'
import { colorOf } from '../colors'
import { UNKNOWN, asEstimate, decimal, figure, seconds } from '../format'
import { cameras, happenings, type Happening, momentOf, occupancyOf, simulatedToday, site, today, zone } from '../live'
import { NoCameras, Notice, Said, useLoaded } from '../parts/common'
import { Frame, People, Snapshot } from '../parts/picture'
import { params, setParams } from '../route'
import { sayAlert } from '../say'
import { said, t } from '../text'
import { timeAt } from '../time'
import type { Camera, Layout, ZoneToday } from '../types'

const ROWS_SHOWN = 100
export const NO_LAYOUT: Layout = { zones: [], lines: [], masks: [] }

export function useLayout(camera: string): Layout {
  const loaded = useLoaded(camera, () => (camera ? get<Layout>(`/cameras/${encode(camera)}/layout`) : Promise.resolve(NO_LAYOUT)))
  return loaded.value ?? NO_LAYOUT
}

export function StateDot(props: { camera: Camera }) {
  const { state, reason } = props.camera
  return (
    <span class={`state ${state}`} title={reason ? said(reason) : ''}>
      {t(`state_${state}`)}
    </span>
  )
}

function CameraCard(props: { camera: Camera; current: boolean }) {
  const { camera } = props
  const layout = useLayout(camera.name)
  return (
    <li>
      <button class="card camera" aria-pressed={props.current} onClick={() => setParams({ camera: camera.name })}>
        <Frame camera={camera}>
          <Snapshot camera={camera.name} perSecond={1} alt="" />
          <People camera={camera.name} layout={layout} />
        </Frame>
        <span class="caption">
          {camera.name} <StateDot camera={camera} />
        </span>
      </button>
    </li>
  )
}

function PeopleNow(props: { camera: string }) {
  const count = momentOf(props.camera).value?.people.length ?? 0
  return <span class="count">{t('peopleSeen', { n: count })}</span>
}

function Stage(props: { camera: Camera }) {
  const { camera } = props
  const layout = useLayout(camera.name)
  const privacy = site.value?.privacy
  return (
    <section class="stage" aria-label={t('pictureOf', { camera: camera.name })}>
      <Frame camera={camera} large>
        <Snapshot key={camera.name} camera={camera.name} perSecond={5} />
        <People camera={camera.name} layout={layout} />
      </Frame>
      <p class="caption">
        <strong>{camera.name}</strong> <StateDot camera={camera} /> {camera.state === 'running' && <PeopleNow camera={camera.name} />}
        {privacy !== 'on' && <span class="quiet">{t(privacy === 'off' ? 'picturesOff' : 'picturesBlurred')}</span>}
        {camera.reason && (
          <span class="quiet">
            <Said sentence={camera.reason} />
          </span>
        )}
      </p>
      {layout.zones.length === 0 && (
        <Notice>
          {t('noZones')} <a href={`/zones?camera=${encode(camera.name)}`}>{t('drawOne')}</a>
        </Notice>
      )}
    </section>
  )
}

function AgainstUsual(props: { row: ZoneToday }) {
  const { row } = props
  const usual = row.usual_visits
  if (usual === null) return <span class="quiet">{t('usualUnknown')}</span>
  const most = Math.max(row.visits, row.usual_most ?? usual, 1)
  return (
    <span class="usual">
      <span class="bar" style={{ width: `${String((row.visits / most) * 100)}%` }} />
      <span class="mark" style={{ left: `${String((usual / most) * 100)}%` }} />
      <small>{t('usualIs', { usual: decimal(usual, 0) })}</small>
    </span>
  )
}

function ZoneRow(props: { row: ZoneToday; color: string; many: boolean }) {
  const { row } = props
  return (
    <li class="zone-row" data-zone={row.zone}>
      <span class="swatch" style={{ background: props.color }} />
      <span class="name">
        {row.zone}
        {props.many && <small class="quiet"> {row.camera}</small>}
      </span>
      <span class="now">
        <b>{occupancyOf(row.camera, row.zone).value ?? UNKNOWN}</b> <small>{t('now')}</small>
      </span>
      <span class="visits">
        <b>{decimal(row.visits, 0)}</b> <small>{t('visits')}</small>
      </span>
      <span class="median">
        <b>{figure(asEstimate(row.median_s).value, 'seconds')}</b> <small>{t('median')}</small>
      </span>
      <AgainstUsual row={row} />
    </li>
  )
}

function ZonesToday(props: { camera: Camera; layout: Layout; all: boolean }) {
  const [filter, setFilter] = useState('')
  const colors = new Map(props.layout.zones.map((z, i) => [z.name, colorOf(z, i)]))
  const mine = today.value.filter((row) => props.all || row.camera === props.camera.name)
  const found = mine.filter((row) => row.zone.toLowerCase().includes(filter.toLowerCase()))
  return (
    <section class="card" aria-label={t('todayByZone')}>
      <h2>{t('todayByZone')}</h2>
      {simulatedToday.value && <p class="quiet">{t('simulatedInPart')}</p>}
      {mine.length > 12 && (
        <input
          type="search"
          aria-label={t('findZone')}
          placeholder={t('findZone')}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      {mine.length === 0 && <p class="quiet">{t('nothingToday')}</p>}
      <ul class="zone-list">
        {found.slice(0, ROWS_SHOWN).map((row) => (
          <ZoneRow key={`${row.camera}/${row.zone}`} row={row} color={colors.get(row.zone) ?? '#888'} many={props.all} />
        ))}
      </ul>
      {mine.length > 0 && <a href="/insight">{t('everyFigure')}</a>}
      {found.length > ROWS_SHOWN && <p class="quiet">{t('moreZones', { n: found.length - ROWS_SHOWN })}</p>}
    </section>
  )
}

function sayHappening(happening: Happening): string {
  switch (happening.kind) {
    case 'visit':
    case 'pass':
      return t('visitEnded', { zone: happening.visit.zone, dwell: seconds(happening.visit.dwell_s) })
    case 'alert':
      return sayAlert(happening.alert)
    case 'crossing':
      return t('crossed', { line: String(happening.detail['line'] ?? '') })
    case 'gap':
      return t('gapAt', { camera: happening.camera })
  }
}

function LastHappenings() {
  return (
    <section class="card" aria-label={t('lately')}>
      <h2>{t('lately')}</h2>
      {happenings.value.length === 0 && <p class="quiet">{t('nothingYet')}</p>}
      <ol class="lately" tabIndex={0} aria-label={t('lately')}>
        {happenings.value.map((h) => (
          <li key={`${h.kind}${h.at}${String(h.seen)}`} class={h.kind === 'alert' && h.alert.kind === 'alert_cleared' ? 'over' : h.kind} data-seen={h.seen} data-at={h.at}>
            <time dateTime={h.at}>{timeAt(new Date(h.at), zone())}</time> {sayHappening(h)}
            {cameras.value.length > 1 && h.kind !== 'gap' && <small class="quiet"> {h.camera}</small>}
          </li>
        ))}
      </ol>
    </section>
  )
}

export function Live() {
  const list = cameras.value
  const chosen = list.find((camera) => camera.name === params.value.get('camera')) ?? list[0]
  const layout = useLayout(chosen?.name ?? '')
  if (!chosen) return <NoCameras />
  return (
    <>
      <h1 class="unseen">{t('live')}</h1>
      <div class="live">
        <div>
          <Stage key={chosen.name} camera={chosen} />
          {list.length > 1 && (
            <ul class="wall" aria-label={t('cameras')}>
              {list.map((camera) => (
                <CameraCard key={camera.name} camera={camera} current={camera === chosen} />
              ))}
            </ul>
          )}
        </div>
        <div>
          <ZonesToday camera={chosen} layout={layout} all={false} />
          <LastHappenings />
        </div>
      </div>
    </>
  )
}
