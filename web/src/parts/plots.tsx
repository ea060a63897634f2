// SPDX-License-Identifier: Apache-2.0
// Small drawings made of the page's own elements: bars with intervals, heat tables, differences.
import { asEstimate, figure, interval, valueOf } from '../format'
import { maybe, t } from '../text'
import type { Cell, Row, SheetColumn } from '../types'

const percent = (share: number) => `${String(Math.max(0, Math.min(1, share)) * 100)}%`

export interface Bar {
  label: string
  cell: Cell | undefined
  usual?: Cell | undefined
  note?: string
}

/** Bars from zero, each with its interval. The text says the same, so the drawing is not read out. */
export function Bars(props: { bars: Bar[]; unit: SheetColumn['unit']; label: string }) {
  const cells = props.bars.map((bar) => asEstimate(bar.cell))
  const usuals = props.bars.map((bar) => valueOf(bar.usual))
  const most = Math.max(...cells.map((c) => Math.max(c.value ?? 0, c.high ?? 0)), ...usuals.map((u) => u ?? 0), Number.EPSILON)
  return (
    <ul class="bars" aria-label={props.label}>
      {props.bars.map((bar, i) => {
        const cell = cells[i] ?? asEstimate(null)
        const usual = usuals[i] ?? null
        return (
          <li key={bar.label}>
            <span class="label">{bar.label}</span>
            <span class="track" aria-hidden="true">
              <span class="fill" style={{ width: percent((cell.value ?? 0) / most) }} />
              {cell.low !== null && cell.high !== null && (
                <span class="whisker" style={{ left: percent(cell.low / most), width: percent((cell.high - cell.low) / most) }} />
              )}
              {usual !== null && <span class="mark" style={{ left: percent(usual / most) }} />}
            </span>
            <span class="value">
              {figure(cell.value, props.unit)} <small>{bar.note ?? interval(cell, props.unit)}</small>
            </span>
          </li>
        )
      })}
    </ul>
  )
}

/** A difference with its interval around "no change". */
export function Difference(props: { cell: Cell | undefined; unit: SheetColumn['unit']; scale: number }) {
  const { value, low, high } = asEstimate(props.cell)
  if (value === null) return <span class="quiet">{figure(null, props.unit)}</span>
  const at = (x: number) => percent(0.5 + x / props.scale / 2)
  const sure = low !== null && high !== null && (low > 0 || high < 0)
  return (
    <span class={sure ? 'difference sure' : 'difference'}>
      <span class="axis" aria-hidden="true">
        {low !== null && high !== null && (
          <span class="whisker" style={{ left: at(low), right: percent(0.5 - high / props.scale / 2) }} />
        )}
        <span class="dot" style={{ left: at(value) }} />
      </span>
      <span>
        {figure(value, props.unit, true)}
        <small class="interval">{interval({ value, low, high }, props.unit)}</small>
      </span>
    </span>
  )
}

const LEVELS = 9

/** Shades go by the square root, so that little shows beside much. */
export const level = (value: number, most: number) => (most > 0 && value > 0 ? Math.max(1, Math.ceil(Math.sqrt(value / most) * LEVELS)) : 0)

export interface HeatRow {
  label: string
  cells: { value: number | null; text: string; title: string }[]
}

export function HeatTable(props: { caption: string; corner: string; columns: string[]; rows: HeatRow[] }) {
  const most = Math.max(...props.rows.flatMap((row) => row.cells.map((c) => c.value ?? 0)), 0)
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={props.caption}>
      <table class={props.rows.some((row) => row.label.length > 6) ? 'heat named' : 'heat'}>
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{props.corner}</th>
            {props.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.label}>
              <th scope="row">{row.label}</th>
              {row.cells.map((cell, i) => (
                <td key={i} class={cell.value === null ? 'none' : `level${String(level(cell.value, most))}`} title={cell.title}>
                  {cell.text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const FUNNEL = ['stays', 'visits', 'stops', 'engaged'] as const

export function Funnel(props: { row: Row }) {
  const all = valueOf(props.row['stays']) ?? 0
  const rates: Partial<Record<(typeof FUNNEL)[number], string>> = { stops: 'stop_rate', engaged: 'engage_rate' }
  return (
    <section class="card funnel">
      <h2>{String(props.row['zone'])}</h2>
      <ol>
        {FUNNEL.map((key) => {
          const value = valueOf(props.row[key])
          const rate = rates[key]
          return (
            <li key={key}>
              <span class="fill" style={{ width: percent(all > 0 ? (value ?? 0) / all : 0) }} aria-hidden="true" />
              <span class="label">{maybe(`col_${key}`, key)}</span>
              <span class="value">
                {figure(value, 'count')}
                {rate && (
                  <small>
                    {' '}
                    {figure(valueOf(props.row[rate]), 'share')} ({interval(asEstimate(props.row[rate]), 'share')})
                  </small>
                )}
              </span>
            </li>
          )
        })}
      </ol>
      <p class="quiet">{t('coverageIs', { coverage: figure(valueOf(props.row['coverage']), 'share') })}</p>
    </section>
  )
}
