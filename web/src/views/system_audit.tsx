// SPDX-License-Identifier: Apache-2.0
import { get } from '../api'
import { zone } from '../live'
import { Show, useLoaded } from '../parts/common'
import { t } from '../text'
import { dayAt, timeAt } from '../time'

interface Entry {
  time?: string
  at?: string
  user?: string | null
  who?: string | null
  action?: string
  what?: string
  detail?: string | null
  [key: string]: unknown
}

/** Who changed what, the newest first. */
export function AuditView() {
  const loaded = useLoaded('audit', () => get<{ entries?: Entry[]; audit?: Entry[] }>('/audit?limit=200'))
  return (
    <Show of={loaded}>
      {(answer) => (
        <div class="scroll" tabIndex={0} role="region" aria-label={t('system_audit')}>
          <table>
            <caption>{t('system_audit')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('time')}</th>
                <th scope="col">{t('user')}</th>
                <th scope="col">{t('action')}</th>
                <th scope="col">{t('detail')}</th>
              </tr>
            </thead>
            <tbody>
              {(answer.entries ?? answer.audit ?? []).map((entry, i) => {
                const at = new Date(String(entry.time ?? entry.at))
                return (
                  <tr key={i}>
                    <td>{`${dayAt(at, zone())} ${timeAt(at, zone())}`}</td>
                    <td>{entry.user ?? entry.who ?? ''}</td>
                    <td>{entry.action ?? entry.what ?? ''}</td>
                    <td>{entry.detail ?? ''}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </Show>
  )
}
