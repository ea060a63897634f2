// SPDX-License-Identifier: Apache-2.0
// One view for each kind of report, where a drawing says more than its table.
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { BASE, query } from '../api'
import { colorOf } from '../colors'
import { decimal, figure, valueOf } from '../format'
import { cameras, occupancyOf, simulatedToday, today, zone } from '../live'
import { Chart } from '../parts/chart'
import { Choice, Notice } from '../parts/common'
import { Frame, Shapes, Snapshot } from '../parts/picture'
import { Chosen } from '../parts/places'
import { Bars, Funnel, HeatTable } from '../parts/plots'
import { DataTable, Exports, HowMade, SheetTables, headingOf, rowsOf, tablesOf, titleOf } from '../parts/sheet'
import { params, setParams } from '../route'
import { language, maybe, said, t } from '../text'
import type { Camera, Estimate, Row, Sheet, SheetColumn, SheetTable, ZoneToday } from '../types'
import { useLayout } from './live'

/** More cannot be taken in at once; the table has them all. */
const BARS = 40
const text = (row: Row, key: string) => String(row[key] ?? '')

function HoursOfToday(props: { rows: ZoneToday[] }) {
  const sums = useMemo(() => {
    const hours = props.rows.flatMap((row) => row.hours ?? [])
    const at = [...new Set(hours.map((h) => h.hour))].sort((a, b) => a - b)
    const add = (hour: number, field: 'visits' | 'usual') => {
      const values = hours.filter((h) => h.hour === hour).map((h) => h[field])
      return values.some((v) => v === null) ? null : values.reduce<number>((sum, v) => sum + (v ?? 0), 0)
    }
    return { at, visits: at.map((h) => add(h, 'visits')), usual: at.map((h) => add(h, 'usual')) }
  }, [props.rows])
  const curves = useMemo(
    () => [
      { label: t('today'), values: sums.visits, color: '#0f766e', bars: true },
      { label: t('usual'), values: sums.usual, color: '#b45309', dashed: true },
    ],
    [sums],
  )
  if (sums.at.length === 0) return null
  return (
    <section class="card">
      <h2>{t('byHour')}</h2>
      <Chart label={t('byHour')} xLabel={t('hour')} whole x={sums.at} curves={curves} formatX={(h) => `${String(h)}:00`} formatY={(n) => decimal(n, 0)} />
    </section>
  )
}

const TODAY: SheetTable = {
  key: 'today',
  title: '',
  data: false,
  columns: [
    { key: 'camera', heading: '', unit: 'text', interval: false },
    { key: 'zone', heading: '', unit: 'text', interval: false },
    { key: 'occupancy', heading: '', unit: 'count', interval: false },
    { key: 'visits', heading: '', unit: 'count', interval: false },
    { key: 'usual', heading: '', unit: 'count', interval: true },
    { key: 'usual_days', heading: '', unit: 'count', interval: false },
    { key: 'passes', heading: '', unit: 'count', interval: false },
    { key: 'median_s', heading: '', unit: 'seconds', interval: true },
    { key: 'coverage', heading: '', unit: 'share', interval: false },
  ],
}

const usualOf = (row: ZoneToday): Estimate => ({ value: row.usual_visits, low: row.usual_least, high: row.usual_most })

/** How many are there now changes all the time: only the cell that reads it is drawn again. */
const nowIn = (row: ZoneToday): Estimate => ({
  get value() {
    return occupancyOf(row.camera, row.zone).value
  },
  low: null,
  high: null,
})

const todayRow = (row: ZoneToday): Row => ({
  camera: row.camera,
  zone: row.zone,
  occupancy: nowIn(row),
  visits: row.visits,
  usual: usualOf(row),
  usual_days: row.usual_days,
  passes: row.passes,
  median_s: row.median_s,
  coverage: row.coverage,
})

export function TodayView() {
  const all = today.value
  const camera = params.value.get('camera') ?? ''
  const rows = all.filter((row) => !camera || row.camera === camera)
  if (rows.length === 0) return <Notice>{t('nothingToday')}</Notice>
  const several = rows.some((row) => row.camera !== all[0]?.camera)
  const columns = TODAY.columns.filter((column) => several || column.key !== 'camera')
  const table = { ...TODAY, columns }
  const bars = rows.slice(0, BARS).map((row) => ({
    label: several ? `${row.zone}, ${row.camera}` : row.zone,
    cell: row.visits,
    usual: usualOf(row),
    note: row.usual_visits === null ? t('usualUnknown') : t('usualIs', { usual: decimal(row.usual_visits, 0) }),
  }))
  const cells = rows.map(todayRow)
  return (
    <>
      <Exports csv={`${BASE}/today${query({ camera, format: 'csv' })}`} />
      <article class="report">
        <p class="quiet">
          {t('todayLead')} <Chosen /> {t('timesAre', { zone: zone() })}
        </p>
        {simulatedToday.value && <Notice>{t('simulatedInPart')}</Notice>}
        <section class="card">
          <h2>{t('todayAgainstUsual')}</h2>
          <Bars bars={bars} unit="count" label={t('todayAgainstUsual')} />
          {rows.length > BARS && <p class="quiet">{t('moreZones', { n: rows.length - BARS })}</p>}
        </section>
        <HoursOfToday rows={rows} />
        <DataTable table={table} rows={cells} />
        <section class="fineprint">
          <HowMade lines={[t('madeToday'), t('madeUsual'), t('madeMedian'), t('madeCoverage')]} />
        </section>
      </article>
    </>
  )
}

const RANKS = { visits: 'visits', stop: 'stop_rate', engage: 'engage_rate', dwell: 'median_s' } as const
const ranks = Object.keys(RANKS) as (keyof typeof RANKS)[]

export function DisplaysView(props: { sheet: Sheet }) {
  const asked = params.value.get('rank')
  const rank = ranks.find((known) => known === asked) ?? 'visits'
  const table = tablesOf(props.sheet).find((tab) => tab.key === 'zones')
  const rows = rowsOf(props.sheet, 'zones')
  const key = RANKS[rank]
  const column: SheetColumn | undefined = table?.columns.find((c) => c.key === key)
  if (!table || !column || rows.length === 0) return <SheetTables sheet={props.sheet} />
  const best = [...rows].sort((a, b) => (valueOf(b[key]) ?? 0) - (valueOf(a[key]) ?? 0))
  return (
    <>
      <section class="card">
        <div class="row spread">
          <h2>{t('ranked')}</h2>
          <Choice
            label={t('rankBy')}
            value={rank}
            options={ranks.map((r) => [r, maybe(`col_${RANKS[r]}`, r)] as const)}
            onChange={(chosen) => setParams({ rank: chosen })}
          />
        </div>
        <Bars bars={best.slice(0, BARS).map((row) => ({ label: text(row, 'zone'), cell: row[key] }))} unit={column.unit} label={headingOf(column)} />
      </section>
      <DataTable table={table} rows={best} />
    </>
  )
}

export function FunnelView(props: { sheet: Sheet }) {
  const rows = rowsOf(props.sheet, 'zones')
  return (
    <>
      <div class="cards">
        {rows.slice(0, 24).map((row) => (
          <Funnel key={text(row, 'zone')} row={row} />
        ))}
      </div>
      <SheetTables sheet={props.sheet} />
    </>
  )
}

/** A table that is a curve: its first column of numbers is x, those after it are y. */
function CurveOf(props: { title: string; rows: Row[]; columns: SheetColumn[] }) {
  const [x, ...ys] = props.columns.filter((c) => c.unit !== 'text')
  const at = useMemo(() => props.rows.map((row) => valueOf(row[x?.key ?? '']) ?? 0), [props.rows])
  const curves = useMemo(
    () => ys.slice(0, 4).map((c, i) => ({ label: headingOf(c), values: props.rows.map((row) => valueOf(row[c.key])), color: colorOf(undefined, i) })),
    [props.rows],
  )
  if (!x || !ys[0]) return null
  const unit = ys[0].unit
  return <Chart label={props.title} xLabel={headingOf(x)} x={at} curves={curves} formatX={(v) => figure(v, x.unit)} formatY={(v) => figure(v, unit)} />
}

/** Dwell: how long people stay, with the whole distribution where the report has one. */
export function SummaryView(props: { sheet: Sheet }) {
  const curve = tablesOf(props.sheet).find((table) => table.data && table.columns.some((c) => c.unit === 'seconds'))
  const rows = curve ? rowsOf(props.sheet, curve.key) : []
  const zones = [...new Set(rows.map((row) => text(row, 'zone')))]
  const shown = zones.find((name) => name === params.value.get('curve')) ?? zones[0] ?? ''
  const mine = useMemo(() => rows.filter((row) => text(row, 'zone') === shown), [props.sheet, shown])
  return (
    <>
      {curve && rows.length > 0 && (
        <section class="card">
          <div class="row spread">
            <h2>{titleOf(curve)}</h2>
            {zones.length > 1 && <Choice label={t('zone')} value={shown} options={zones.map((z) => [z, z] as const)} onChange={(curve) => setParams({ curve })} />}
          </div>
          <CurveOf title={curve.title} rows={mine} columns={curve.columns} />
        </section>
      )}
      <SheetTables sheet={props.sheet} />
    </>
  )
}

const HOURS = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`)
const WEEK = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** The first of January 2024 was a Monday. */
const shortDay = (i: number) => new Intl.DateTimeFormat(language.value, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + i))

/** Hours that no day of the week has anything for are left out at both ends. */
function hoursShown(rows: Row[]): string[] {
  const busy = HOURS.map((hour) => rows.some((row) => text(row, 'hour') === hour && (valueOf(row['entries']) ?? 0) > 0))
  const first = busy.indexOf(true)
  return first < 0 ? HOURS : HOURS.slice(first, busy.lastIndexOf(true) + 1)
}

function WeekHeat(props: { sheet: Sheet; field: string; caption: string; unit: SheetColumn['unit'] }) {
  const rows = rowsOf(props.sheet, 'hours')
  if (rows.length === 0) return null
  const hours = hoursShown(rows)
  const cellOf = (day: string, hour: string) => {
    const row = rows.find((r) => text(r, 'weekday') === day && text(r, 'hour') === hour)
    const state = row ? text(row, 'state') : 'not measured'
    const value = row && state === 'open' ? valueOf(row[props.field]) : null
    const name = `${maybe(`day_${day}`, day)} ${hour}`
    if (value === null) return { value, text: '', title: `${name}: ${said(state)}` }
    const range = row ? `${figure(valueOf(row[`${props.field}_p10`]), props.unit)} ${t('to')} ${figure(valueOf(row[`${props.field}_p90`]), props.unit)}` : ''
    const weeks = row ? t('weeksMeasured', { n: valueOf(row['weeks']) ?? 0 }) : ''
    return { value, text: decimal(value, props.unit === 'count' || value >= 10 ? 0 : value < 1 ? 2 : 1), title: `${name}: ${figure(value, props.unit)} (${range}; ${weeks})` }
  }
  return (
    <HeatTable
      caption={props.caption}
      corner={t('hour')}
      columns={hours.map((hour) => hour.slice(0, 2))}
      rows={WEEK.map((day, i) => ({ label: shortDay(i), cells: hours.map((hour) => cellOf(day, hour)) }))}
    />
  )
}

export function WeekView(props: { sheet: Sheet }) {
  return (
    <>
      <section class="card">
        <WeekHeat sheet={props.sheet} field="entries" caption={t('entriesByHour')} unit="count" />
        <p class="quiet">{t('heatLead')}</p>
      </section>
      <section class="card">
        <WeekHeat sheet={props.sheet} field="occupancy" caption={t('presentByHour')} unit="number" />
      </section>
      <SheetTables sheet={props.sheet} but={['hours', 'week_entries', 'week_people', 'shifts', 'shift_hours', 'exceptions', 'exceptions_checked']} />
    </>
  )
}

export function StaffingView(props: { sheet: Sheet }) {
  return (
    <>
      <section class="card">
        <WeekHeat sheet={props.sheet} field="people" caption={t('staffByHour')} unit="count" />
      </section>
      <SheetTables sheet={props.sheet} but={['hours', 'week_entries', 'week_people', 'busiest']} />
    </>
  )
}

export function FlowView(props: { sheet: Sheet }) {
  const steps = rowsOf(props.sheet, 'transitions')
  const names = [...new Set(steps.flatMap((row) => [text(row, 'from'), text(row, 'to')]))].sort()
  const cellOf = (from: string, to: string) => {
    const row = steps.find((r) => text(r, 'from') === from && text(r, 'to') === to)
    const value = row ? valueOf(row['share']) : null
    return { value, text: value === null ? '' : figure(value, 'share'), title: row ? `${from} → ${to}: ${figure(valueOf(row['count']), 'count')}` : '' }
  }
  return (
    <>
      {names.length > 1 && names.length <= 40 && (
        <section class="card">
          <HeatTable caption={t('flowCaption')} corner={t('fromTo')} columns={names} rows={names.map((from) => ({ label: from, cells: names.map((to) => cellOf(from, to)) }))} />
        </section>
      )}
      <SheetTables sheet={props.sheet} />
    </>
  )
}

/** From none to much: clear, then through amber to a deep red. */
function heatColor(share: number): [number, number, number, number] {
  const s = Math.sqrt(share)
  return [255 - 60 * s, 210 - 190 * s, 70 - 30 * s, s < 0.04 ? 0 : 70 + 160 * s]
}

function HeatCanvas(props: { rows: Row[] }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || props.rows.length === 0) return
    const number = (row: Row, key: string) => valueOf(row[key]) ?? 0
    const width = Math.max(...props.rows.map((r) => number(r, 'column'))) + 1
    const height = Math.max(...props.rows.map((r) => number(r, 'row'))) + 1
    const first = Math.min(...props.rows.map((r) => number(r, 'column'))) // columns may count from 1
    const most = Math.max(...props.rows.map((r) => number(r, 'smoothed_s')), Number.EPSILON)
    context.canvas.width = width - first
    context.canvas.height = height - first
    const image = context.createImageData(width - first, height - first)
    for (const row of props.rows) {
      const at = ((number(row, 'row') - first) * (width - first) + number(row, 'column') - first) * 4
      image.data.set(heatColor(number(row, 'smoothed_s') / most), at)
    }
    context.putImageData(image, 0, 0)
  }, [props.rows])
  return <canvas class="heat-canvas" ref={canvas} aria-hidden="true" />
}

function CameraMap(props: { camera: string; cells: Row[] }) {
  const rows = useMemo(() => props.cells.filter((row) => text(row, 'camera') === props.camera), [props.cells, props.camera])
  const layout = useLayout(cameras.value.some((c) => c.name === props.camera) ? props.camera : '')
  const known = cameras.value.find((c) => c.name === props.camera)
  const plain = { name: props.camera, width_px: 4, height_px: 3 } as Camera
  return (
    <section class="card">
      <h2>{props.camera}</h2>
      <Frame camera={known ?? plain} large>
        {known && <Snapshot camera={props.camera} perSecond={0.02} />}
        <HeatCanvas rows={rows} />
        <Shapes layout={layout} />
      </Frame>
      <p class="quiet">{t('mapLead')}</p>
    </section>
  )
}

/** Of more cameras than this one chooses. */
const MAPS_SHOWN = 8

export function MapView(props: { sheet: Sheet }) {
  const cells = rowsOf(props.sheet, 'cells')
  const names = useMemo(() => [...new Set(cells.map((row) => text(row, 'camera')))], [props.sheet])
  return (
    <>
      {names.slice(0, MAPS_SHOWN).map((camera) => (
        <CameraMap key={camera} camera={camera} cells={cells} />
      ))}
      {names.length > MAPS_SHOWN && <p class="quiet">{t('moreMaps', { n: names.length - MAPS_SHOWN })}</p>}
      <SheetTables sheet={props.sheet} />
    </>
  )
}
