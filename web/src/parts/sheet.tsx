// SPDX-License-Identifier: Apache-2.0
// A report as the program sends it: tables with intervals, sentences, formulas. Reports that this page
// has never heard of are shown as well.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { asEstimate, figure, guessUnit, interval, isEstimate, valueOf } from '../format'
import { maybe, said, t } from '../text'
import type { Cell, Row, Sheet, SheetColumn, SheetTable } from '../types'
import { Notice, Said } from './common'

const ROWS_SHOWN = 200
const OWN_KEYS = new Set(['report', 'kind', 'title', 'period', 'simulated', 'tables', 'notes', 'formulas'])

export const rowsOf = (sheet: Sheet, key: string): Row[] => (Array.isArray(sheet[key]) ? (sheet[key] as Row[]) : [])

const readable = (key: string) => key.replace(/_s$/, '').replace(/_/g, ' ')

function guessColumns(rows: Row[]): SheetColumn[] {
  const first = rows[0] ?? {}
  return Object.keys(first).map((key) => {
    const cell = rows.map((row) => row[key]).find((c) => valueOf(c) !== null || typeof c === 'string') ?? first[key]
    return { key, heading: readable(key), unit: guessUnit(key, cell), interval: isEstimate(first[key]) }
  })
}

/** The tables of a report, whether or not the program described them. */
export function tablesOf(sheet: Sheet): SheetTable[] {
  if (sheet.tables) return sheet.tables
  return Object.keys(sheet)
    .filter((key) => !OWN_KEYS.has(key) && Array.isArray(sheet[key]))
    .map((key) => {
      const rows = rowsOf(sheet, key)
      return { key, title: readable(key), data: rows.length > ROWS_SHOWN, columns: guessColumns(rows) }
    })
}

/** Columns of words that the program chose; all others are names. */
const WORDS = new Set(['weekday', 'state', 'side', 'direction', 'verdict'])
const SIGNED = /^(difference|change)/

export function Figure(props: { cell: Cell | undefined; column: SheetColumn }) {
  const { cell, column } = props
  if (column.unit === 'text' || typeof cell === 'string') {
    const text = String(cell ?? '')
    return <>{WORDS.has(column.key) ? maybe(`day_${text}`, said(text)) : text}</>
  }
  const estimate = asEstimate(cell)
  const range = interval(estimate, column.unit)
  return (
    <>
      {figure(estimate.value, column.unit, SIGNED.test(column.key))}
      {range && <small class="interval" title={t('interval95')}>{range}</small>}
    </>
  )
}

/** One of a table goes before one of all. */
export const headingOf = (column: SheetColumn, table = '') => maybe(`col_${table}_${column.key}`, maybe(`col_${column.key}`, said(column.heading)))
export const titleOf = (table: SheetTable) => maybe(`table_${table.key}`, said(table.title))

interface Order {
  key: string
  down: boolean
}

function sorted(rows: Row[], order: Order | null): Row[] {
  if (!order) return rows
  const { key, down } = order
  const rank = (row: Row) => (typeof row[key] === 'string' ? row[key] : (valueOf(row[key]) ?? Number.NEGATIVE_INFINITY))
  const turned = down ? -1 : 1
  return [...rows].sort((a, b) => {
    const x = rank(a)
    const y = rank(b)
    return (x < y ? -1 : x > y ? 1 : 0) * turned
  })
}

export function DataTable(props: { table: SheetTable; rows: Row[]; columns?: SheetColumn[] }) {
  const [order, setOrder] = useState<Order | null>(null)
  const columns = props.columns ?? props.table.columns
  const title = titleOf(props.table)
  const direction = (key: string) => (order?.key !== key ? 'none' : order.down ? 'descending' : 'ascending')
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" class={column.unit === 'text' ? '' : 'number'} aria-sort={direction(column.key)}>
                <button type="button" class="sort" onClick={() => setOrder({ key: column.key, down: direction(column.key) !== 'descending' })}>
                  {headingOf(column, props.table.key)}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(props.rows, order).slice(0, ROWS_SHOWN).map((row, i) => (
            <tr key={i}>
              {columns.map((column, k) =>
                k === 0 ? (
                  <th key={column.key} scope="row">
                    <Figure cell={row[column.key]} column={column} />
                  </th>
                ) : (
                  <td key={column.key} class={column.unit === 'text' ? '' : 'number'}>
                    <Figure cell={row[column.key]} column={column} />
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {props.rows.length > ROWS_SHOWN && <p class="quiet">{t('moreRows', { n: props.rows.length - ROWS_SHOWN })}</p>}
    </div>
  )
}

export function Simulated(props: { sheet: Sheet }) {
  return props.sheet.simulated ? <Notice>{t('simulated')}</Notice> : null
}

function copyLink(): Promise<void> {
  return navigator.clipboard?.writeText(location.href) ?? Promise.reject(new Error('no clipboard'))
}

function CopyLink() {
  const [done, setDone] = useState(false)
  return (
    <button type="button" onClick={() => void copyLink().then(() => setDone(true))} onBlur={() => setDone(false)}>
      {done ? t('copied') : t('copyLink')}
    </button>
  )
}

/** With the formulas, which the screen shows on demand. */
function printAll(): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('.report details')) details.open = true
  window.print()
}

/** What one takes away: the address, the figures, the view on paper. */
export function Exports(props: { csv: string }) {
  return (
    <div class="row exports">
      <CopyLink />
      <a class="button" download href={props.csv}>
        {t('csv')}
      </a>
      <button type="button" onClick={printAll}>
        {t('print')}
      </button>
    </div>
  )
}

export function HowMade(props: { lines: ComponentChildren[] }) {
  return (
    <details>
      <summary>{t('howMade')}</summary>
      <ul>
        {props.lines.map((line, i) => (
          <li key={i}>
            <code>{line}</code>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** What to doubt, and how each figure was made. */
export function Fineprint(props: { sheet: Sheet }) {
  const { notes = [], formulas = [] } = props.sheet
  return (
    <section class="fineprint">
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>
              <Said sentence={note} />
            </li>
          ))}
        </ul>
      )}
      {formulas.length > 0 && <HowMade lines={formulas.map((formula) => <Said key={formula} sentence={formula} />)} />}
    </section>
  )
}

/** Every table that is short enough to be read, but those shown otherwise. */
export function SheetTables(props: { sheet: Sheet; but?: string[] }) {
  const shown = tablesOf(props.sheet).filter((table) => !table.data && !props.but?.includes(table.key))
  return (
    <>
      {shown.map((table) => {
        const rows = rowsOf(props.sheet, table.key)
        return rows.length ? <DataTable key={table.key} table={table} rows={rows} /> : null
      })}
    </>
  )
}
