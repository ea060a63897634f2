// SPDX-License-Identifier: Apache-2.0
// The frame around all views.
import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { session, signOut } from './api'
import { connected, now, refreshCameras, refreshSite, refreshToday, site, startLive, stopLive, zone } from './live'
import { Icon, Notice, sentenceOf } from './parts/common'
import { parts } from './route'
import { LANGUAGES, type Language, language, speak, t } from './text'
import { timeAt } from './time'
import { Claim, SignIn } from './views/enter'
import { Insight } from './views/insight'
import { Live } from './views/live'
import { Promotions } from './views/promotions'
import { Staff } from './views/staff'
import { System } from './views/system'
import { Zones } from './views/zones'

const VIEWS = { live: Live, zones: Zones, insight: Insight, promotions: Promotions, staff: Staff, system: System } satisfies Record<string, ComponentType>
type View = keyof typeof VIEWS

const THEMES = ['auto', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]
const theme = signal<Theme>('auto')

export function setTheme(wanted: string | null): void {
  theme.value = THEMES.find((name) => name === wanted) ?? 'auto'
  localStorage.setItem('theme', theme.value)
  document.documentElement.dataset['theme'] = theme.value
}

function SiteClock() {
  const [text, setText] = useState('')
  useEffect(() => {
    const tick = () => setText(timeAt(now(), zone(), false))
    tick()
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [])
  return <span title={zone()}>· {text}</span>
}

function Preferences() {
  const user = session.value?.user
  return (
    <details class="preferences">
      <summary>
        <Icon name="person" /> <span class="who">{user?.name ?? t('userName')}</span>
      </summary>
      <div class="card">
        {user && <p class="quiet">{t(`role_${user.role}`)}</p>}
        <label>
          {t('language')}
          <select
            value={language.value}
            onChange={(event) => {
              localStorage.setItem('language', event.currentTarget.value)
              void speak(event.currentTarget.value as Language)
            }}
          >
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('theme')}
          <select value={theme.value} onChange={(event) => setTheme(event.currentTarget.value)}>
            {THEMES.map((name) => (
              <option key={name} value={name}>
                {t(`theme_${name}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={() => void signOut()}>
          {t('signOut')}
        </button>
      </div>
    </details>
  )
}

function Navigation(props: { current: View }) {
  return (
    <header class="side">
      <a class="brand" href="/">
        <strong>{site.value?.name ?? 'Dwell'}</strong>
        <span class={connected.value ? 'link-state on' : 'link-state'} role="status">
          {connected.value ? t('live') : t('reconnecting')} {site.value && <SiteClock />}
        </span>
      </a>
      <nav aria-label={t('views')}>
        {(Object.keys(VIEWS) as View[]).map((view) => (
          <a key={view} href={view === 'live' ? '/' : `/${view}`} aria-current={view === props.current ? 'page' : undefined}>
            <Icon name={view} />
            <span>{t(view)}</span>
          </a>
        ))}
      </nav>
      <Preferences />
    </header>
  )
}

function Inside() {
  const [error, setError] = useState<string | null>(null)
  const [ready, setReady] = useState(false)
  useEffect(() => {
    startLive()
    void refreshToday()
    Promise.all([refreshSite(), refreshCameras()]).then(
      () => setReady(true),
      (failure: unknown) => setError(sentenceOf(failure)),
    )
    return stopLive
  }, [])
  const name = parts.value[0] ?? 'live'
  const current = (name in VIEWS ? name : 'live') as View
  const Current = VIEWS[current]
  useEffect(() => {
    document.title = `${t(current)} · ${site.value?.name ?? 'Dwell'}`
  }, [current, language.value, site.value])
  return (
    <>
      <a class="skip" href="#main">
        {t('skip')}
      </a>
      <Navigation current={current} />
      <main id="main" tabIndex={-1}>
        {error && <Notice kind="bad">{error}</Notice>}
        {!(name in VIEWS) && <Notice kind="bad">{t('noSuchView', { path: `/${parts.value.join('/')}` })}</Notice>}
        {ready && <Current />}
      </main>
    </>
  )
}

export function App() {
  const who = session.value
  if (!who) return <p class="door quiet">{t('loading')}</p>
  if (parts.value[0] === 'claim' && !who.user) return <Claim />
  return who.user ? <Inside key={who.user.name} /> : <SignIn />
}
