// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal, may } from '../api'
import { heard, said, t } from '../text'

/** A sentence that matters now; read out by screen readers. */
export function Notice(props: { kind?: 'bad' | 'good' | 'note'; children: ComponentChildren }) {
  const { kind = 'note' } = props
  return (
    <p class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {props.children}
    </p>
  )
}

/** What the program says; screen readers are told where it stays English. */
export function Said(props: { sentence: string }) {
  const known = heard(props.sentence)
  return <span lang={known === null ? 'en' : undefined}>{known ?? props.sentence}</span>
}

export function sentenceOf(error: unknown): string {
  if (error instanceof Refusal) return said(error.message) || t('failedStatus', { status: error.status })
  return t('unreachable')
}

export interface Loaded<T> {
  value: T | null
  error: string | null
  busy: boolean
  again: () => void
}

/** What a request gives, asked again whenever `key` changes. The old answer stays meanwhile. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'again'>>({ value: null, error: null, busy: true })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let current = true
    setState((old) => ({ ...old, busy: true }))
    load().then(
      (value) => current && setState({ value, error: null, busy: false }),
      (error: unknown) => current && setState({ value: null, error: sentenceOf(error), busy: false }),
    )
    return () => {
      current = false
    }
  }, [key, turn])
  return { ...state, again: () => setTurn((n) => n + 1) }
}

/** The answer, or why there is none. */
export function Show<T>(props: { of: Loaded<T>; children: (value: T) => ComponentChildren }) {
  const { value, error, busy } = props.of
  if (error) return <Notice kind="bad">{error}</Notice>
  if (value === null) return <p class="quiet" role="status">{busy ? t('loading') : ''}</p>
  return (
    <div class={busy ? 'busy' : ''} aria-busy={busy}>
      {props.children(value)}
    </div>
  )
}

export function Field(props: { label: string; hint?: string; children: ComponentChildren }) {
  return (
    <label class="field">
      <span>{props.label}</span>
      {props.children}
      {props.hint && <small>{props.hint}</small>}
    </label>
  )
}

export function Choice<T extends string>(props: {
  label: string
  value: T
  options: readonly (readonly [T, string])[]
  onChange: (value: T) => void
}) {
  return (
    <Field label={props.label}>
      <select value={props.value} onChange={(event) => props.onChange(event.currentTarget.value as T)}>
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  )
}

export function Heading(props: { title: string; lead?: string; children?: ComponentChildren }) {
  return (
    <header class="heading">
      <div>
        <h1>{props.title}</h1>
        {props.lead && <p class="quiet">{props.lead}</p>}
      </div>
      {props.children && <div class="actions">{props.children}</div>}
    </header>
  )
}

/** Links to the pages of a view; the current one is in sight also where they are wider than the screen. */
export function Tabs(props: { label: string; tabs: { href: string; text: string; current: boolean }[] }) {
  const nav = useRef<HTMLElement>(null)
  const current = props.tabs.findIndex((tab) => tab.current)
  useEffect(() => nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [current, props.tabs.length])
  return (
    <nav ref={nav} class="tabs" aria-label={props.label}>
      {props.tabs.map(({ href, text, current: here }) => (
        <a key={href} href={href} aria-current={here ? 'page' : undefined}>
          {text}
        </a>
      ))}
    </nav>
  )
}

/** What a site without cameras says wherever one would be. */
export function NoCameras() {
  return (
    <Notice>
      {t('noCameras')} {may('admin') ? <a href="/system/cameras">{t('addFirstCamera')}</a> : t('adminAddsCamera')}
    </Notice>
  )
}

const ICONS = {
  live: 'M4 7h11v10H4zM15 11l5-3v8l-5-3',
  zones: 'M5 19 8 6l11 3-2 10zM5 19h.01M8 6h.01M19 9h.01M17 19h.01',
  insight: 'M5 20V11M10 20V5M15 20v-7M20 20V9',
  promotions: 'M4 12V5h7l9 9-7 7zM8 8.5h.01',
  staff: 'M5 4h14v16H5zM12 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4M8 16c.5-2 2-3 4-3s3.5 1 4 3',
  system: 'M4 6h16M4 12h16M4 18h16M9 4v4M15 10v4M7 16v4',
  undo: 'M9 7 4 12l5 5M4 12h10a5 5 0 0 1 0 8',
  redo: 'm15 7 5 5-5 5M20 12H10a5 5 0 0 0 0 8',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c1-5 4-6 8-6s7 1 8 6',
} as const

export function Icon(props: { name: keyof typeof ICONS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[props.name]} />
    </svg>
  )
}
