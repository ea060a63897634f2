// SPDX-License-Identifier: Apache-2.0
// System: whether measuring works, who may do what, and the configuration.
import type { ComponentType } from 'preact'
import { get, may } from '../api'
import { bytes, decimal, figure } from '../format'
import { cameras, site, zone } from '../live'
import { Heading, Said, Show, Tabs, useLoaded } from '../parts/common'
import { parts } from '../route'
import { type Key, maybe, t } from '../text'
import type { Camera, Health } from '../types'
import { AuditView } from './system_audit'
import { ConfigView } from './system_config'
import { CamerasView } from './system_cameras'
import { Log } from './system_log'
import { PrivacyView } from './system_privacy'
import { TokensView, UsersView } from './system_users'
import { StateDot } from './live'

function CameraHealth(props: { camera: Camera }) {
  const c = props.camera
  const age = c.last_frame_age_s
  const rows: [string, string][] = [
    [t('fpsIn'), decimal(c.fps_in, 1)],
    [t('fpsAnalysed'), decimal(c.fps_analysed, 1)],
    [t('dropped'), decimal(c.dropped, 0)],
    [t('inferMs'), `${decimal(c.infer_ms, 1)} ms`],
    [t('lastFrame'), age === null ? '–' : t('ago', { time: figure(age, 'seconds') })],
    [t('reconnects'), decimal(c.reconnects, 0)],
    [t('decoderRestarts'), decimal(c.decoder_restarts, 0)],
    [t('gaps'), decimal(c.gaps, 0)],
    [t('size'), c.width_px ? `${String(c.width_px)} × ${String(c.height_px)}` : '–'],
  ]
  return (
    <section class="card" aria-label={c.name}>
      <h2>
        {c.name} <StateDot camera={c} />
      </h2>
      {c.reason && <p><Said sentence={c.reason} /></p>}
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function uptime(secondsUp: number): string {
  const hours = Math.floor(secondsUp / 3600)
  return hours >= 48 ? t('days', { n: Math.floor(hours / 24) }) : figure(secondsUp, 'seconds')
}

function Overview() {
  const loaded = useLoaded('health', () => get<Health>('/health'))
  return (
    <>
      <div class="cards">
        {cameras.value.map((camera) => (
          <CameraHealth key={camera.name} camera={camera} />
        ))}
      </div>
      <Show of={loaded}>
        {(health) => (
          <>
            <section class="card">
              <h2>{t('program')}</h2>
              <dl class="facts">
                <div>
                  <dt>{t('status')}</dt>
                  <dd>{maybe(`status_${health.status}`, health.status)}</dd>
                </div>
                <div>
                  <dt>{t('version')}</dt>
                  <dd>{site.value?.version}</dd>
                </div>
                <div>
                  <dt>{t('uptime')}</dt>
                  <dd>{uptime(health.uptime_s)}</dd>
                </div>
                <div>
                  <dt>{t('storeSize')}</dt>
                  <dd>{bytes(health.store.bytes)}</dd>
                </div>
                <div>
                  <dt>{t('storeForecast')}</dt>
                  <dd>{health.store.forecast_bytes_year === null ? '–' : bytes(health.store.forecast_bytes_year)}</dd>
                </div>
                <div>
                  <dt>{t('timeZone')}</dt>
                  <dd>{zone()}</dd>
                </div>
              </dl>
            </section>
            <Log entries={health.log} again={loaded.again} />
          </>
        )}
      </Show>
    </>
  )
}

const PAGES: Record<string, { view: ComponentType; admin: boolean }> = {
  overview: { view: Overview, admin: false },
  privacy: { view: PrivacyView, admin: false },
  cameras: { view: CamerasView, admin: true },
  config: { view: ConfigView, admin: true },
  users: { view: UsersView, admin: true },
  tokens: { view: TokensView, admin: true },
  audit: { view: AuditView, admin: true },
}

export function System() {
  const shown = Object.keys(PAGES).filter((key) => !PAGES[key]?.admin || may('admin'))
  const name = shown.find((key) => key === parts.value[1]) ?? 'overview'
  const View = PAGES[name]?.view ?? Overview
  return (
    <>
      <Heading title={t('system')} />
      {shown.length > 1 && (
        <Tabs
          label={t('system')}
          tabs={shown.map((key) => ({
            href: key === 'overview' ? '/system' : `/system/${key}`,
            text: t(`system_${key}` as Key),
            current: key === name,
          }))}
        />
      )}
      <View />
    </>
  )
}
