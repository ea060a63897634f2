// SPDX-License-Identifier: Apache-2.0
// Every sentence that the program can send to the page has a translation: they are read from its sources.
import { describe, expect, it } from 'vitest'
import { CONVERSION, translator } from '../src/said'
import { de } from '../src/text/de'
import { said as german } from '../src/text/said_de'

const SOURCES: Record<string, string> = import.meta.glob('../../src/*/*.c', { query: '?raw', import: 'default', eager: true })
const SAYS = /\b(dw_sheet_note|dw_sheet_formula|dw_fail|dw_fail_within|dw_problem|dw_problem_at|refuse|fail_at|tell_health|dw_camera_set_state|say|snprintf|warn|json_error)\s*\(/g
/** Files of which only the command line speaks, or the log before there is a page; the rest of each folder is looked at. */
const FOLDERS: Record<string, RegExp> = {
  insight: /^(?!kind_|report_kind|preview)/,
  store: /^$/,
  engine: /^(output|text_output)/,
  http: /^(access_book|address|audit|server|http)\./,
  media: /^(canvas|detections_csv|draw|identity|output|overlay|sandbox|source_detections|still)\./,
  onvif: /^$/,
  conf: /^(drawn_view|ground|promotion|staff_file|staff_switch)\./,
}
const LITERAL = /"((?:[^"\\]|\\.)*)"/y
const heard = translator(german)

/** The texts among the arguments of a call that begins at `at`; neighbours are one text. */
function textsOf(source: string, at: number): string[] {
  const texts: string[] = []
  let open = false
  for (let depth = 1, i = at; depth > 0 && i < source.length; ) {
    LITERAL.lastIndex = i
    const found = LITERAL.exec(source)
    if (found) {
      const text = (found[1] ?? '').replace(/\\(["\\])/g, '$1')
      if (open) texts[texts.length - 1] += text
      else texts.push(text)
      open = true
      i = LITERAL.lastIndex
      continue
    }
    const c = source.charAt(i++)
    if (c === "'") i = source.indexOf("'", source.charAt(i) === '\\' ? i + 2 : i) + 1
    if ('([{'.includes(c)) depth++
    if (')]}'.includes(c)) depth--
    if (c.trim()) open = false
  }
  return texts
}

interface Said {
  where: string
  format: string
  prefix: boolean
}

const all: Said[] = Object.entries(SOURCES).flatMap(([path, text]) => {
  const where = path.split('/').slice(-2).join('/')
  const [folder = '', name = ''] = where.split('/')
  if (FOLDERS[folder]?.test(name) ?? true) return []
  const source = text.replace(/\/\*.*?\*\//gs, '')
  return [...source.matchAll(SAYS)].flatMap((call) =>
    textsOf(source, call.index + call[0].length).map((format) => ({ where, format, prefix: call[1] === 'dw_fail_within' })),
  )
})

/** Options of the command line that a page does not have, warnings of files, and no sentences at all. */
const NOT_SENT = /--still|--png|there are no foot tracks of these days to make|facing the display|INSERT INTO|damaged picture|has no times of its own|</
const isSentence = ({ format }: Said) => /[a-z]{2,} .*[a-z]/.test(format.replace(CONVERSION, '')) && !NOT_SENT.test(format)

/** As the program would put it. */
const sampleOf = ({ format, prefix }: Said) =>
  format.replace(CONVERSION, (_, kind: string) => (kind === '%' ? '%' : kind === 's' ? 'Ab1' : kind === 'f' || kind === 'g' ? '1.5' : '7')) + (prefix ? ': is missing' : '')

/** Pieces of English that must not be left. */
const piecesOf = ({ format }: Said) =>
  format
    .split(CONVERSION)
    .flatMap((piece) => piece.split(/['"]/))
    .map((piece) => piece.replace(/^[\s:;,.]+|[\s:;,.]+$/g, ''))
    .filter((piece) => /[a-z]+ [a-z]+/.test(piece) && !piece.startsWith('dwell ')) // a command is no English

describe('the sentences of the program', () => {
  it('are found in its sources', () => {
    expect(all.filter(isSentence).length).toBeGreaterThan(250)
  })
  it('are all known in German', () => {
    const left = all.filter(isSentence).filter((said) => {
      const told = heard(sampleOf(said))
      return told === null || piecesOf(said).some((piece) => told.includes(piece))
    })
    expect([...new Set(left.map(({ where, format }) => `${where}: ${format}`))]).toEqual([])
  })
  it('head every column and table of a report', () => {
    const text = Object.entries(SOURCES).filter(([path]) => path.includes('/insight/')).map(([, source]) => source).join('\n')
    const pairs = [...text.matchAll(/\.key = "(\w+)",[\s\\]*\.heading = "([^"]+)"/g)].map(([, key, words]) => [`col_${key ?? ''}`, words ?? ''] as const)
    const titles = [...text.matchAll(/dw_sheet_add_table\([^"]*"(\w+)",\s*"([^"]+)"/g)].map(([, key, words]) => [`table_${key ?? ''}`, words ?? ''] as const)
    expect(pairs.length).toBeGreaterThan(100)
    expect(titles.length).toBeGreaterThan(10)
    const names = ['x', 'y', 'z'] // the same everywhere
    const left = [...pairs, ...titles].filter(([key, words]) => !(key in de) && !names.includes(words) && heard(words) === null)
    expect(left).toEqual([])
  })
  it('keep what was put in', () => {
    for (const [english, words] of Object.entries(german)) {
      const conversions = [...english.matchAll(CONVERSION)].filter((found) => found[1] !== '%').length
      const used = [...words.matchAll(/\{(\d)\}/g)].map((found) => Number(found[1]))
      expect({ english, most: Math.max(0, ...used) <= conversions }).toEqual({ english, most: true })
    }
  })
})

describe('a sentence of the program', () => {
  it.each([
    ['till: 12.5 % of the scheduled time was not measured; counts are not scaled up', 'till: 12,5 % der geplanten Zeit wurden nicht gemessen; Anzahlen sind nicht hochgerechnet'],
    ['shelf, stop rate: better, up by 3.1 points (between +1.0 and +5.2 points), from 20.0 % to 23.1 %', 'shelf, Haltequote: besser, gestiegen um 3,1 Punkte (zwischen +1,0 und +5,2 Punkte), von 20,0 % auf 23,1 %'],
    ['shelf, footfall: no clear difference (between -1.0 and +5.2 %): about 12 more days, both sides together, would show a change of 10 %', 'shelf, Zulauf: kein klarer Unterschied (zwischen −1,0 und +5,2 %): Mit etwa 12 weiteren Tagen, beide Seiten zusammen, würde eine Änderung um 10 % sichtbar'],
    ["rtsp://10.0.0.7: is no camera", 'rtsp://10.0.0.7: ist keine Kamera'],
    ["zone 'till': alert 2: wants a \"kind\": dwell", 'Zone „till“: Alarm 2: braucht ein "kind": dwell'],
  ])('is put in German: %s', (english, words) => {
    expect(heard(english)).toBe(words)
  })
  it('stays when it is not known', () => {
    expect(heard('a sentence newer than this page')).toBeNull()
  })
})
