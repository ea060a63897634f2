// SPDX-License-Identifier: Apache-2.0
// The board for Grafana, by the types that Grafana publishes of its boards; no server is asked.
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import board from '../../contrib/grafana/dwell.json?raw'

const NAME = /board\.(\d+)\.ts$/

/** Types with their enumerations as the texts that stand in a file, and queries as Prometheus has them. */
const HEAD = `
import type { Dashboard, DataQuery, Panel } from '@grafana/schema'
type Loose<T> = T extends string ? \`\${T}\` : T extends (infer I)[] ? Loose<I>[] : T extends object ? { [K in keyof T]: Loose<T[K]> } : T
type Target = Loose<DataQuery> & { expr: string; legendFormat?: string; format?: 'time_series' | 'table' | 'heatmap'; instant?: boolean; range?: boolean; interval?: string }
type Board = Omit<Loose<Dashboard>, 'panels'> & { panels: (Omit<Loose<Panel>, 'targets'> & { targets?: Target[] })[] }
export const board: Board = `

/** Of each text, what the compiler has against it. */
function complaints(texts: string[]): string[][] {
  const options = { noEmit: true, skipLibCheck: true, strict: true, types: [], module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022 }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  const textOf = (file: string) => texts[Number(NAME.exec(file)?.[1] ?? -1)]
  host.fileExists = (file) => textOf(file) !== undefined || fileExists.call(host, file)
  host.getSourceFile = (file, target) => {
    const text = textOf(file)
    return text === undefined ? getSourceFile.call(host, file, target) : ts.createSourceFile(file, HEAD + text, target)
  }
  const program = ts.createProgram(texts.map((_, i) => `test/board.${String(i)}.ts`), options, host)
  return texts.map((_, i) => {
    const file = program.getSourceFiles().find((source) => NAME.exec(source.fileName)?.[1] === String(i))
    return ts.getPreEmitDiagnostics(program, file).map((found) => ts.flattenDiagnosticMessageText(found.messageText, ' '))
  })
}

const BROKEN = [
  ['a key that there is not', '"gridPos"', '"gridPlace"'],
  ['a query without its expression', '"expr"', '"expression"'],
  ['a panel without its kind', '"type": "timeseries",', ''],
  ['a place that is no number', '"w": 12', '"w": "12"'],
] as const

describe('the board for Grafana', () => {
  it('is one that Grafana knows, and would not be if it were spoilt', () => {
    const spoilt = BROKEN.map(([, from, to]) => board.replaceAll(from, to))
    const [whole, ...broken] = complaints([board, ...spoilt])
    expect(whole).toEqual([])
    expect(BROKEN.filter((_, i) => spoilt[i] === board || broken[i]?.length === 0)).toEqual([])
  }, 120_000)
})
