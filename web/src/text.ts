// SPDX-License-Identifier: Apache-2.0
// The words of the page: src/text/LANGUAGE.ts, one file a language.
import { signal } from '@preact/signals'
import { en } from './text/en'

export type Key = keyof typeof en
type Words = Record<Key, string>

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

const others: Record<Exclude<Language, 'en'>, () => Promise<Words>> = {
  de: async () => (await import('./text/de')).de,
}

export const language = signal<Language>('en')
const words = signal<Words>(en)

export async function speak(wanted: Language): Promise<void> {
  const next = wanted === 'en' ? en : await others[wanted]()
  words.value = next
  language.value = wanted
  if (typeof document !== 'undefined') document.documentElement.lang = wanted
}

/** What the reader chose before, else what the browser prefers and the page has. */
export function preferred(): Language {
  const known = (code: string | null | undefined): code is Language => !!code && code in LANGUAGES
  const kept = localStorage.getItem('language')
  if (known(kept)) return kept
  return navigator.languages.map((code) => code.slice(0, 2)).find(known) ?? 'en'
}

/**
 * The sentence of a key. `{name}` stands for a value, and stays when there is none; "one visit|{n} visits" is chosen by `n`.
 */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const [one, many] = words.value[key].split('|')
  const sentence = (values['n'] === 1 || many === undefined ? one : many) ?? ''
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** The same for a key that may not exist: headings of reports that are newer than this page. */
export function maybe(key: string, fallback: string): string {
  return key in words.value ? t(key as Key) : fallback
}
