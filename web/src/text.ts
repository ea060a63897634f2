// SPDX-License-Identifier: Apache-2.0
// The words of the page: src/text/LANGUAGE.ts, one file a language.
import { signal } from '@preact/signals'
import { type Translate, translator } from './said'
import { en } from './text/en'

export type Key = keyof typeof en
type Words = Record<Key, string>

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

interface Speech {
  words: Words
  said: Translate
}

const others: Record<Exclude<Language, 'en'>, () => Promise<Speech>> = {
  de: async () => {
    const [{ de }, { said }] = await Promise.all([import('./text/de'), import('./text/said_de')])
    return { words: de, said: translator(said) }
  },
}

const english: Speech = { words: en, said: (sentence) => sentence }

export const language = signal<Language>('en')
const words = signal(english.words)
const translate = signal(english.said)

export async function speak(wanted: Language): Promise<void> {
  const next = wanted === 'en' ? english : await others[wanted]()
  words.value = next.words
  translate.value = next.said
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

/** A sentence of the program in the reader's language; null when it is not known there. */
export const heard = (sentence: string): string | null => translate.value(sentence)

/** The same, in the program's own words when it must be. */
export const said = (sentence: string): string => heard(sentence) ?? sentence
