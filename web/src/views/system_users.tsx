// SPDX-License-Identifier: Apache-2.0
// Who may do what: people with passwords, programs with tokens.
import { useState } from 'preact/hooks'
import { encode, get, request, session } from '../api'
import { zone } from '../live'
import { Choice, Field, Notice, Show, sentenceOf, useLoaded } from '../parts/common'
import { t } from '../text'
import { dayAt } from '../time'
import type { Role } from '../types'

const ROLES = ['viewer', 'editor', 'admin'] as const
const roleOptions = () => ROLES.map((role) => [role, t(`role_${role}`)] as const)

/** Runs a change and shows what was refused. */
function useChange(done: () => void) {
  const [error, setError] = useState<string | null>(null)
  const change = async <T,>(method: string, path: string, body?: unknown): Promise<T | null> => {
    try {
      const answer = await request<T>(method, path, body)
      setError(null)
      done()
      return answer.body
    } catch (failure) {
      setError(sentenceOf(failure))
      return null
    }
  }
  return { error, change }
}

export function UsersView() {
  const loaded = useLoaded('users', () => get<{ users: { name: string; role: Role }[] }>('/users'))
  const { error, change } = useChange(loaded.again)
  const [role, setRole] = useState<Role>('viewer')
  const add = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const fields = new FormData(form)
    await change('POST', '/users', { name: fields.get('name'), password: fields.get('password'), role })
    form.reset()
  }
  return (
    <>
      {error && <Notice kind="bad">{error}</Notice>}
      <Show of={loaded}>
        {({ users }) => (
          <ul class="plain-list">
            {users.map((user) => (
              <li key={user.name} class="card row spread">
                <strong>{user.name}</strong>
                <span class="row">
                  <Choice label={t('role')} value={user.role} options={roleOptions()} onChange={(next) => void change('PATCH', `/users/${encode(user.name)}`, { role: next })} />
                  <button
                    type="button"
                    disabled={user.name === session.value?.user?.name}
                    aria-label={`${t('delete')}: ${user.name}`}
                    onClick={() => void change('DELETE', `/users/${encode(user.name)}`)}
                  >
                    {t('delete')}
                  </button>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Show>
      <form class="card" onSubmit={(event) => void add(event)}>
        <h2>{t('addUser')}</h2>
        <Field label={t('userName')}>
          <input name="name" required autocomplete="off" />
        </Field>
        <Field label={t('password')} hint={t('passwordHint', { n: 10 })}>
          <input name="password" type="password" required minLength={10} autocomplete="new-password" />
        </Field>
        <Choice label={t('role')} value={role} options={roleOptions()} onChange={setRole} />
        <p class="quiet">{t('rolesLead')}</p>
        <div class="row end">
          <button class="main">{t('addUser')}</button>
        </div>
      </form>
    </>
  )
}

interface Token {
  id: string
  name: string
  scopes?: string[]
  scope?: string
  created?: string
}

const SCOPES = ['read', 'write', 'admin', 'metrics'] as const

export function TokensView() {
  const loaded = useLoaded('tokens', () => get<{ tokens: Token[] }>('/tokens'))
  const { error, change } = useChange(loaded.again)
  const [made, setMade] = useState<string | null>(null)
  const add = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const fields = new FormData(form)
    const answer = await change<{ token: string }>('POST', '/tokens', { name: fields.get('name'), scopes: fields.getAll('scope') })
    setMade(answer?.token ?? null)
    if (answer) form.reset()
  }
  return (
    <>
      {error && <Notice kind="bad">{error}</Notice>}
      {made && (
        <Notice kind="good">
          {t('tokenMade')} <code class="secret">{made}</code>
        </Notice>
      )}
      <Show of={loaded}>
        {({ tokens }) => (
          <ul class="plain-list">
            {tokens.length === 0 && <li class="quiet">{t('noTokens')}</li>}
            {tokens.map((token) => (
              <li key={token.id} class="card row spread">
                <span>
                  <strong>{token.name}</strong>
                  <br />
                  <small class="quiet">
                    {(token.scopes ?? [token.scope ?? '']).join(', ')} {token.created && dayAt(new Date(token.created), zone())}
                  </small>
                </span>
                <button type="button" aria-label={`${t('delete')}: ${token.name}`} onClick={() => void change('DELETE', `/tokens/${encode(token.id)}`)}>
                  {t('delete')}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Show>
      <form class="card" onSubmit={(event) => void add(event)}>
        <h2>{t('addToken')}</h2>
        <Field label={t('name')}>
          <input name="name" required maxLength={60} autocomplete="off" />
        </Field>
        <fieldset class="weekdays">
          <legend>{t('scopes')}</legend>
          {SCOPES.map((scope) => (
            <label key={scope}>
              <input type="checkbox" name="scope" value={scope} defaultChecked={scope === 'read'} />
              <span>{t(`scope_${scope}`)}</span>
            </label>
          ))}
        </fieldset>
        <div class="row end">
          <button class="main">{t('addToken')}</button>
        </div>
      </form>
    </>
  )
}
