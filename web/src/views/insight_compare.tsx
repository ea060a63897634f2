// SPDX-License-Identifier: Apache-2.0
// Did it help? Two periods, two displays, or days with and without a promotion.
import { type Days, before, comparisonOf, spanOf, spanText } from '../comparison'
import { get } from '../api'
import { figure, valueOf } from '../format'
import { todayDay } from '../live'
import { Choice, Field, useLoaded } from '../parts/common'
import { usePlaces } from '../parts/places'
import { Difference } from '../parts/plots'
import { DataTable, rowsOf, tablesOf, titleOf } from '../parts/sheet'
import { params, setParams } from '../route'
import { maybe, t } from '../text'
import { addDays, isDay } from '../time'
import type { Promotion, Row, Sheet, SheetTable } from '../types'

type Mode = 'periods' | 'displays' | 'days' | 'alternate'

const modeOf = (chosen: URLSearchParams): Mode => (chosen.get('mode') as Mode | null) ?? 'periods'

function usualPeriods(): { a: Days; b: Days } {
  const b = { from: addDays(todayDay(), -14), to: addDays(todayDay(), -1) }
  return { a: before(b), b }
}

/** The query of the report for what the address says. */
export function compareFields(chosen: URLSearchParams, common: Record<string, string | null>): Record<string, string | null> {
  const { from, to, ...place } = common
  const periods = usualPeriods()
  switch (modeOf(chosen)) {
    case 'displays':
      return { ...common, against: chosen.get('against') }
    case 'days':
      return { ...common, 'promotion-days': chosen.get('promotion-days') }
    case 'alternate':
      return { from: from ?? null, to: to ?? null, ...place, 'alternate-days': '1' }
    default:
      return { ...place, a: chosen.get('a') ?? spanText(periods.a), b: chosen.get('b') ?? spanText(periods.b) }
  }
}

function PeriodPicker(props: { name: 'a' | 'b'; label: string; days: Days }) {
  const { name, days } = props
  const set = (change: Partial<Days>) => {
    const next = { ...days, ...change }
    if (isDay(next.from) && isDay(next.to) && next.from <= next.to) setParams({ [name]: spanText(next) })
  }
  return (
    <fieldset class="pair">
      <legend>{props.label}</legend>
      <input type="date" aria-label={`${props.label}: ${t('firstDay')}`} value={days.from} onChange={(e) => set({ from: e.currentTarget.value })} />
      <span>{t('to')}</span>
      <input type="date" aria-label={`${props.label}: ${t('lastDay')}`} value={days.to} onChange={(e) => set({ to: e.currentTarget.value })} />
    </fieldset>
  )
}

function Span() {
  const day = (key: 'from' | 'to', label: string) => (
    <Field label={label}>
      <input type="date" value={params.value.get(key) ?? ''} onChange={(event) => setParams({ [key]: event.currentTarget.value })} />
    </Field>
  )
  return (
    <>
      {day('from', t('firstDay'))}
      {day('to', t('lastDay'))}
    </>
  )
}

function PromotionPicker() {
  const loaded = useLoaded('promotions', () => get<{ promotions: Promotion[] }>('/promotions'))
  const list = loaded.value?.promotions ?? []
  if (list.length === 0) return null
  const choose = (id: string) => {
    const promotion = list.find((p) => p.id === id)
    if (!promotion) return
    const cleared = Object.fromEntries(['from', 'to', 'a', 'b', 'promotion-days', 'zone', 'camera'].map((key) => [key, '']))
    setParams({ ...cleared, ...comparisonOf(promotion) })
  }
  return <Choice label={t('promotion')} value="" options={[['', t('pick')], ...list.map((p) => [p.id, p.name] as const)]} onChange={choose} />
}

export function CompareForm() {
  const chosen = params.value
  const mode = modeOf(chosen)
  const usual = usualPeriods()
  const zones = [...new Set(usePlaces().map((place) => place.zone))]
  return (
    <>
      <PromotionPicker />
      <Choice
        label={t('compareWhat')}
        value={mode}
        options={(['periods', 'displays', 'days', 'alternate'] as const).map((m) => [m, t(`mode_${m}`)] as const)}
        onChange={(m) => setParams({ mode: m })}
      />
      {mode === 'periods' && (
        <>
          <PeriodPicker name="a" label={t('periodA')} days={spanOf(chosen.get('a')) ?? usual.a} />
          <PeriodPicker name="b" label={t('periodB')} days={spanOf(chosen.get('b')) ?? usual.b} />
        </>
      )}
      {mode !== 'periods' && <Span />}
      {mode === 'displays' && (
        <Choice label={t('against')} value={chosen.get('against') ?? ''} options={[['', t('pick')], ...zones.map((z) => [z, z] as const)]} onChange={(z) => setParams({ against: z })} />
      )}
      {mode === 'days' && (
        <Field label={t('promotionDays')} hint={t('promotionDaysHint')}>
          <input type="text" value={chosen.get('promotion-days') ?? ''} onChange={(e) => setParams({ 'promotion-days': e.currentTarget.value.replace(/\s/g, '') })} />
        </Field>
      )}
    </>
  )
}

const verdictClass = (verdict: string) =>
  verdict.includes('too little') ? 'unsure' : /better|more|longer|higher|increase|up/.test(verdict) ? 'up' : /worse|less|fewer|shorter|lower|decrease|down/.test(verdict) ? 'down' : 'same'

/** All differences of a table on one scale; none beyond it, so that a wild interval hides no other. */
function scaleOf(rows: Row[]): number {
  const sizes = rows.map((row) => Math.abs(valueOf(row['difference']) ?? 0))
  const widths = rows.map((row) => {
    const cell = row['difference']
    return typeof cell === 'object' && cell ? Math.max(Math.abs(cell.low ?? 0), Math.abs(cell.high ?? 0)) : 0
  })
  return Math.max(...sizes, ...widths, Number.EPSILON)
}

function Compared(props: { table: SheetTable; rows: Row[] }) {
  const { table, rows } = props
  const title = titleOf(table)
  const columns = table.columns
  const difference = columns.find((c) => c.key === 'difference')
  const [a, b] = [columns.find((c) => /_a$/.test(c.key)), columns.find((c) => /_b$/.test(c.key))]
  if (!difference || !a || !b) return <DataTable table={table} rows={rows} />
  const scale = scaleOf(rows)
  return (
    <section class="card">
      <h2>{title}</h2>
      <ul class="compared">
        {rows.map((row) => (
          <li key={String(row['zone'])}>
            <span class="label">
              <b>{String(row['zone'])}</b>
              <small>
                A {figure(valueOf(row[a.key]), a.unit)} · B {figure(valueOf(row[b.key]), b.unit)} · n {figure(valueOf(row['n_a']), 'count')} /{' '}
                {figure(valueOf(row['n_b']), 'count')}
              </small>
            </span>
            <Difference cell={row['difference']} unit={difference.unit} scale={scale} />
            <span class={`verdict ${verdictClass(String(row['verdict']))}`}>{maybe(`verdict_${String(row['verdict'])}`, String(row['verdict']))}</span>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t('everyFigure')}</summary>
        <DataTable table={table} rows={rows} />
      </details>
    </section>
  )
}

export function CompareView(props: { sheet: Sheet }) {
  const { sheet } = props
  return (
    <>
      {tablesOf(sheet)
        .filter((table) => !table.data)
        .map((table) => {
          const rows = rowsOf(sheet, table.key)
          return rows.length ? <Compared key={table.key} table={table} rows={rows} /> : null
        })}
    </>
  )
}
