// SPDX-License-Identifier: Apache-2.0
// What the program says in English, in another language: notes of reports, reasons of cameras,
// refusals. They are the same in its log, on the command line and in the API, so they stay sentences
// there; here a sentence is found again by the one it was made from.

/** From a sentence as it stands in the program's sources, `%s` and all, to one with `{1}`, `{2}`. */
export type Sayings = Record<string, string>

export type Translate = (sentence: string) => string | null

/** What printf puts a value in for; its letter is the first group. */
export const CONVERSION = /%[-+ 0#]*\d*(?:\.(?:\d+|\*))?(?:ll|[lzj])?([a-zA-Z%])/g

function patternOf(english: string): RegExp {
  const parts: string[] = []
  let at = 0
  for (const found of english.matchAll(CONVERSION)) {
    parts.push(english.slice(at, found.index), found[1] ?? '')
    at = found.index + found[0].length
  }
  parts.push(english.slice(at))
  const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return new RegExp(`^${parts.map((part, i) => (i % 2 === 0 ? escaped(part) : part === '%' ? '%' : '(.*?)')).join('')}$`, 's')
}

/** A figure as the language writes it; all its languages so far have a comma. */
const figureOf = (text: string) => (/^[+-]?\d+\.\d+( [^.]*)?$/.test(text) ? text.replace('.', ',').replace('-', '−') : text)

/** What a sentence put in, and what stands after "NAME: ", are sentences as well. */
export function translator(sayings: Sayings): Translate {
  const rules = Object.entries(sayings)
    .sort(([a], [b]) => b.length - a.length)
    .map(([english, words]) => ({ pattern: patternOf(english), words }))
  const translate: Translate = (sentence) => {
    for (const { pattern, words } of rules) {
      const found = pattern.exec(sentence)
      if (found) return words.replace(/\{(\d)\}/g, (_, n) => said(found[Number(n)] ?? ''))
    }
    const colon = sentence.indexOf(': ')
    const rest = colon < 0 ? null : translate(sentence.slice(colon + 2))
    return rest === null ? null : `${sentence.slice(0, colon)}: ${rest}`
  }
  const said = (part: string) => translate(part) ?? figureOf(part)
  return translate
}
