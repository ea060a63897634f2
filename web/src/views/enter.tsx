// SPDX-License-Identifier: Apache-2.0
// Claiming a new site with the one-time link, and signing in.
import { useState } from 'preact/hooks'
import { post, refreshSession, session } from '../api'
import { Field, Notice, sentenceOf } from '../parts/common'
import { go } from '../route'
import { t } from '../text'
import type { Session } from '../types'

const LEAST_PASSWORD = 10

function useEntry(send: (name: string, password: string) => Promise<Session>) {
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.target as HTMLFormElement)
    setBusy(true)
    setError(null)
    try {
      session.value = await send(String(form.get('name')), String(form.get('password')))
      await refreshSession()
      if (location.pathname === '/claim') go('/', true)
    } catch (failure) {
      setError(sentenceOf(failure))
    } finally {
      setBusy(false)
    }
  }
  return { error, busy, submit }
}

export function SignIn() {
  const { error, busy, submit } = useEntry((name, password) => post<Session>('/session', { name, password }))
  return (
    <main id="main" class="door">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>{t('signIn')}</h1>
        {error && <Notice kind="bad">{error}</Notice>}
        {session.value?.claimed === false && <Notice>{t('notClaimed')}</Notice>}
        <Field label={t('userName')}>
          <input name="name" autocomplete="username" required autofocus />
        </Field>
        <Field label={t('password')}>
          <input name="password" type="password" autocomplete="current-password" required />
        </Field>
        <button class="main" disabled={busy}>
          {t('signIn')}
        </button>
      </form>
    </main>
  )
}

export function Claim() {
  const token = location.hash.slice(1)
  const { error, busy, submit } = useEntry((name, password) => post<Session>('/claim', { token, name, password }))
  return (
    <main id="main" class="door">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>{t('claim')}</h1>
        <p class="quiet">{t('claimLead')}</p>
        {session.value?.claimed && <Notice kind="bad">{t('alreadyClaimed')}</Notice>}
        {!token && <Notice kind="bad">{t('noToken')}</Notice>}
        {error && <Notice kind="bad">{error}</Notice>}
        <Field label={t('userName')}>
          <input name="name" autocomplete="username" required autofocus />
        </Field>
        <Field label={t('password')} hint={t('passwordHint', { n: LEAST_PASSWORD })}>
          <input name="password" type="password" autocomplete="new-password" minLength={LEAST_PASSWORD} required />
        </Field>
        <button class="main" disabled={busy || !token}>
          {t('claimDo')}
        </button>
      </form>
    </main>
  )
}
