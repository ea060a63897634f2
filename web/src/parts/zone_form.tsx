// SPDX-License-Identifier: Apache-2.0
// What can be said of a zone or line beside its place: name, colour, thresholds.
import type { JSX } from 'preact'
import { PALETTE, colorOf } from '../colors'
import { setLine, setMask, setZone, withKey } from '../editor'
import { type Key, t } from '../text'
import type { Layout, Zone } from '../types'
import { AlertsForm } from './alert_form'
import { Choice, Field } from './common'

interface Props {
  layout: Layout
  at: number
  readOnly: boolean
  onChange: (layout: Layout) => void
}

/** Settings of docs/visit-model.md with their defaults, in seconds; the first few are enough for most. */
const SETTINGS = [
  ['min_dwell', 1],
  ['stop', 3],
  ['engage', 10],
  ['enter_after', 0.3],
  ['grace', 1],
  ['bridge', 2],
  ['link', 8],
  ['reentry', 0],
] as const
const SHOWN = 3

type SettingName = (typeof SETTINGS)[number][0]

function Setting(props: { zone: Zone; name: SettingName; usual: number; onChange: (zone: Zone) => void }) {
  const { zone, name, usual } = props
  const value = zone[name]
  const change = (event: JSX.TargetedEvent<HTMLInputElement>) => {
    const text = event.currentTarget.value
    const number = Number(text)
    if (text === '' || Number.isFinite(number)) props.onChange(withKey(zone, name, text === '' ? undefined : number))
  }
  return (
    <Field label={t(`set_${name}` as Key)} hint={t(`hint_${name}` as Key)}>
      <span class="with-unit">
        <input type="number" min="0" step="0.1" placeholder={String(usual)} value={typeof value === 'number' ? value : ''} onChange={change} />
        <span aria-hidden="true">s</span>
      </span>
    </Field>
  )
}

function Colors(props: { zone: Zone; at: number; onChange: (zone: Zone) => void }) {
  const current = colorOf(props.zone, props.at)
  return (
    <fieldset class="colors">
      <legend>{t('color')}</legend>
      {PALETTE.map((color, i) => (
        <label key={color}>
          <input type="radio" name="color" checked={current === color} onChange={() => props.onChange(withKey(props.zone, 'color', color))} />
          <span class="swatch" style={{ background: color }} />
          <span class="unseen">{t('colorNumber', { n: i + 1 })}</span>
        </label>
      ))}
    </fieldset>
  )
}

const STAFF = ['never', 'always', 'hours', 'long'] as const
const STAFF_HOURS = 'daily 06:00-09:00'
const STAFF_LONG_S = 3600

/** Whoever stays in it is staff: never, always, at hours, or after long. */
function StaffOnly(props: { zone: Zone; onChange: (zone: Zone) => void }) {
  const { staff } = props.zone
  const set = (value: string | number | boolean | undefined) => props.onChange(withKey(props.zone, 'staff', value))
  const when = typeof staff === 'string' ? 'hours' : typeof staff === 'number' ? 'long' : staff === true ? 'always' : 'never'
  const values = { never: undefined, always: true, hours: STAFF_HOURS, long: STAFF_LONG_S }
  return (
    <>
      <Choice label={t('staffZone')} value={when} options={STAFF.map((one) => [one, t(`staffZone_${one}`)] as const)} onChange={(one) => set(values[one])} />
      {typeof staff === 'string' && (
        <Field label={t('alertHours')} hint={t('staffZoneHint')}>
          <input type="text" required value={staff} onChange={(event) => set(event.currentTarget.value)} />
        </Field>
      )}
      {typeof staff === 'number' && (
        <Field label={t('staffZoneSeconds')} hint={t('staffZoneLongHint')}>
          <input type="number" required min={1} max={86400} value={staff} onChange={(event) => set(Number(event.currentTarget.value))} />
        </Field>
      )}
    </>
  )
}

export function ZoneForm(props: Props) {
  const zone = props.layout.zones[props.at]
  if (!zone) return null
  const set = (next: Zone) => props.onChange(setZone(props.layout, props.at, next))
  const sides: (readonly [string, string])[] = [
    ['', t('noSide')],
    ...zone.polygon.map((_, i) => [String(i + 1), t('side', { n: i + 1 })] as const),
  ]
  const setting = ([name, usual]: (typeof SETTINGS)[number]) => <Setting key={name} zone={zone} name={name} usual={usual} onChange={set} />
  return (
    <form class="card" aria-label={t('zone')} onSubmit={(event) => event.preventDefault()}>
      <fieldset class="plain" disabled={props.readOnly}>
        <Field label={t('name')}>
          <input type="text" maxLength={120} required value={zone.name} onInput={(event) => set({ ...zone, name: event.currentTarget.value })} />
        </Field>
        <Colors zone={zone} at={props.at} onChange={set} />
        <Choice
          label={t('targetSide')}
          value={zone.target_side ? String(zone.target_side) : ''}
          options={sides}
          onChange={(side) => set(withKey(zone, 'target_side', side ? Number(side) : undefined))}
        />
        {SETTINGS.slice(0, SHOWN).map(setting)}
        <details>
          <summary>{t('moreSettings')}</summary>
          {SETTINGS.slice(SHOWN).map(setting)}
          <StaffOnly zone={zone} onChange={set} />
        </details>
        <AlertsForm zone={zone} onChange={set} />
      </fieldset>
    </form>
  )
}

export function MaskForm(props: Props) {
  const mask = props.layout.masks[props.at]
  if (!mask) return null
  const set = (name: string) => props.onChange(setMask(props.layout, props.at, { ...mask, name }))
  return (
    <form class="card" aria-label={t('mask')} onSubmit={(event) => event.preventDefault()}>
      <fieldset class="plain" disabled={props.readOnly}>
        <Field label={t('name')}>
          <input type="text" maxLength={120} required value={mask.name} onInput={(event) => set(event.currentTarget.value)} />
        </Field>
        <p class="quiet">{t('maskLead')}</p>
      </fieldset>
    </form>
  )
}

export function LineForm(props: Props) {
  const line = props.layout.lines[props.at]
  if (!line) return null
  const set = (next: typeof line) => props.onChange(setLine(props.layout, props.at, next))
  const { start, end } = line.line
  return (
    <form class="card" aria-label={t('line')} onSubmit={(event) => event.preventDefault()}>
      <fieldset class="plain" disabled={props.readOnly}>
        <Field label={t('name')}>
          <input type="text" maxLength={120} required value={line.name} onInput={(event) => set({ ...line, name: event.currentTarget.value })} />
        </Field>
        <p class="quiet">{t('lineWay')}</p>
        <button type="button" onClick={() => set({ ...line, line: { start: end, end: start } })}>
          {t('turnRound')}
        </button>
      </fieldset>
    </form>
  )
}
