// SPDX-License-Identifier: Apache-2.0
// Insight: reports over what is stored. The address says everything that was chosen, so each view can
// be sent to somebody else.
import type { ComponentType } from 'preact'
import { useState } from 'preact/hooks'
import { BASE, get, query } from '../api'
import { todayDay, zone } from '../live'
import { Choice, Field, Heading, Show, useLoaded, Tabs } from '../parts/common'
import { Chosen, PlacePickers } from '../parts/places'
import { Exports, Fineprint, Simulated, SheetTables } from '../parts/sheet'
import { params, parts, setParams } from '../route'
import { maybe, t } from '../text'
import { addDays, daysBetween, isDay } from '../time'
import type { Sheet } from '../types'
import { CompareForm, CompareView, compareFields } from './insight_compare'
import { DisplaysView, FlowView, FunnelView, MapView, StaffingView, SummaryView, TodayView, WeekView } from './insight_kinds'

export interface KindView {
  /** The report behind the view; null: none. */
  report: string | null
  view: ComponentType<{ sheet: Sheet }>
  options?: Record<string, string>
}

const KINDS: Record<string, KindView> = {
  displays: { report: 'displays', view: DisplaysView },
  funnel: { report: 'funnel', view: FunnelView },
  compare: { report: 'compare', view: CompareView },
  dwell: { report: 'summary', view: SummaryView },
  week: { report: 'staffing', view: WeekView },
  map: { report: 'heat-map', view: MapView },
  flow: { report: 'flow', view: FlowView },
  staffing: { report: 'staffing', view: StaffingView },
}

function Generic(props: { sheet: Sheet }) {
  return <SheetTables sheet={props.sheet} />
}

/** Reports that the program has and this page has no drawing for. */
function useOtherKinds(): string[] {
  const loaded = useLoaded('kinds', () => get<{ kinds?: { name: string }[]; reports?: { name: string }[] }>('/reports'))
  const names = (loaded.value?.kinds ?? loaded.value?.reports ?? []).map((kind) => kind.name)
  const known = new Set(Object.values(KINDS).map((kind) => kind.report))
  return names.filter((name) => !known.has(name))
}

function Kinds(props: { current: string }) {
  const others = useOtherKinds()
  const kept = query(Object.fromEntries(['from', 'to', 'camera', 'zone', 'staff'].map((key) => [key, params.value.get(key)])))
  return (
    <Tabs
      label={t('insight')}
      tabs={['today', ...Object.keys(KINDS), ...others].map((kind) => ({
        href: `/insight/${kind}${kept}`,
        text: maybe(`kind_${kind}`, kind),
        current: kind === props.current,
      }))}
    />
  )
}

const PRESETS = [7, 28, 84] as const

function Period() {
  const from = params.value.get('from') ?? ''
  const to = params.value.get('to') ?? ''
  const yesterday = addDays(todayDay(), -1)
  const [own, setOwn] = useState(false)
  const length = isDay(from) && isDay(to) ? daysBetween(from, to) + 1 : 0
  const preset = to === yesterday && PRESETS.find((n) => n === length)
  const value = own ? 'own' : !from && !to ? 'default' : preset ? String(preset) : 'own'
  const choose = (choice: string) => {
    setOwn(choice === 'own')
    if (choice === 'default') setParams({ from: '', to: '' })
    else if (choice === 'own') setParams({ from: from || addDays(yesterday, -27), to: to || yesterday })
    else setParams({ from: addDays(yesterday, 1 - Number(choice)), to: yesterday })
  }
  return (
    <>
      <Choice
        label={t('period')}
        value={value}
        options={[['default', t('lastMeasured')], ...PRESETS.map((n) => [String(n), t('lastDays', { n })] as const), ['own', t('ownPeriod')]]}
        onChange={choose}
      />
      {value === 'own' && (
        <>
          <Field label={t('firstDay')}>
            <input type="date" value={from} max={to || undefined} onChange={(event) => setParams({ from: event.currentTarget.value })} />
          </Field>
          <Field label={t('lastDay')}>
            <input type="date" value={to} min={from || undefined} onChange={(event) => setParams({ to: event.currentTarget.value })} />
          </Field>
        </>
      )}
    </>
  )
}

function Staff() {
  return (
    <label class="check">
      <input type="checkbox" checked={params.value.has('staff')} onChange={(event) => setParams({ staff: event.currentTarget.checked ? '1' : '' })} />
      {t('withStaff')}
    </label>
  )
}

/** Figures of staff are shown to who says that they may be. */
function Allowed() {
  return (
    <label class="check">
      <input type="checkbox" checked={params.value.has('allowed')} onChange={(event) => setParams({ allowed: event.currentTarget.checked ? '1' : '' })} />
      {t('staffAllowed')}
    </label>
  )
}

/** What the report is asked; the program takes the day after the last. */
export function fieldsOf(kind: string): Record<string, string | null> {
  const get = (key: string) => params.value.get(key)
  const to = get('to')
  const fields = { from: get('from'), to: isDay(to) ? addDays(to, 1) : null, camera: get('camera'), zone: get('zone'), staff: get('staff') }
  if (kind === 'staff') return { ...fields, allowed: get('allowed') }
  return kind === 'compare' ? compareFields(params.value, fields) : fields
}

function Report(props: { kind: string; report: string; view: KindView['view'] }) {
  const fields = fieldsOf(props.kind)
  const path = `/reports/${props.report}`
  const address = path + query({ ...fields, format: 'json' })
  const loaded = useLoaded(address, () => get<Sheet>(address))
  const View = props.view
  return (
    <>
      <Exports csv={BASE + path + query({ ...fields, format: 'csv' })} />
      <Show of={loaded}>
        {(sheet) => (
          <article class="report">
            <p class="quiet">
              {t('periodIs', { period: sheet.period.replace(' to ', ` ${t('to')} `) })} <Chosen /> {t('timesAre', { zone: zone() })}
            </p>
            <Simulated sheet={sheet} />
            <View sheet={sheet} />
            <Fineprint sheet={sheet} />
          </article>
        )}
      </Show>
    </>
  )
}

export function Insight() {
  const kind = parts.value[1] ?? 'today'
  const known: KindView = KINDS[kind] ?? { report: kind, view: Generic }
  return (
    <>
      <Heading title={t('insight')} />
      <Kinds current={kind} />
      {kind === 'today' ? (
        <TodayView />
      ) : (
        <>
          <form class="row filters" aria-label={t('choose')} onSubmit={(event) => event.preventDefault()}>
            {kind === 'compare' ? <CompareForm /> : <Period />}
            <PlacePickers />
            {kind === 'staff' ? <Allowed /> : <Staff />}
          </form>
          <Report key={kind} kind={kind} report={known.report ?? kind} view={known.view} />
        </>
      )}
    </>
  )
}
