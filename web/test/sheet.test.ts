// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { csvOf } from '../src/parts/sheet'
import type { SheetColumn } from '../src/types'

const columns = [
  { key: 'zone', unit: 'text', interval: false },
  { key: 'visits', unit: 'count', interval: false },
  { key: 'median', unit: 'seconds', interval: true },
] as SheetColumn[]

test('CSV quotes texts, gives no spreadsheet a formula, and leaves empty what is not known', () => {
  const rows = [
    { zone: 'shelf "A", left', visits: 12, median: { value: 4.5, low: 4, high: null } },
    { zone: '=HYPERLINK("x")', visits: -1, median: null },
  ]
  expect(csvOf(columns, rows)).toBe(
    'zone,visits,median,median_low,median_high\r\n"shelf ""A"", left",12,4.5,4,\r\n"\'=HYPERLINK(""x"")",-1,,,\r\n',
  )
})
