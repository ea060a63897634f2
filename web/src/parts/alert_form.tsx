// SPDX-License-Identifier: Apache-2.0
// Alerts of a zone: what staff should be told while it is so (docs/alerts.md).
import { withKey } from '../editor'
import { type Key, t } from '../text'
import type { Zone } from '../types'
import { Choice, Field } from './common'

type Rule = Record<string, unknown> & { kind: string }

const KINDS = ['queue', 'dwell', 'occupancy', 'empty'] as const
type Kind = (typeof KINDS)[number]

/** What each kind wants, with what it begins with. */
const BEGINNING: Record<Kind, Rule> = {
  queue: { kind: 'queue', people: 3, wait: 60, for: 10, cooldown: 300 },
  dwell: { kind: 'dwell', for: 120 },
  occupancy: { kind: 'occupancy', people: 5, for: 30, cooldown: 300 },
  empty: { kind: 'empty', for: 600 },
}

const NUMBERS: Record<Kind, string[]> = {
  queue: ['people', 'wait', 'for', 'cooldown'],
  dwell: ['for', 'cooldown'],
  occupancy: ['people', 'for', 'cooldown'],
  empty: ['for', 'cooldown'],
}

export const rulesOf = (zone: Zone): Rule[] => (Array.isArray(zone['alerts']) ? (zone['alerts'] as Rule[]) : [])

function withField(rule: Rule, key: string, value: unknown): Rule {
  const others = Object.entries(rule).filter(([name]) => name !== key)
  return Object.fromEntries(value === '' ? others : [...others, [key, value]]) as Rule
}

function RuleForm(props: { rule: Rule; onChange: (rule: Rule) => void; onRemove: () => void }) {
  const { rule, onChange } = props
  const kind = KINDS.find((k) => k === rule.kind)
  return (
    <li class="alert-rule">
      <Choice
        label={t('alertWhen')}
        value={kind ?? 'queue'}
        options={KINDS.map((k) => [k, t(`alert_${k}`)] as const)}
        onChange={(next) => onChange(BEGINNING[next])}
      />
      <div class="row">
        {(kind ? NUMBERS[kind] : []).map((key) => (
          <Field key={key} label={t(`alert_${key}` as Key)}>
            <input
              type="number"
              min={key === 'people' ? 1 : 0}
              step="1"
              value={typeof rule[key] === 'number' ? rule[key] : ''}
              onChange={(event) => onChange(withField(rule, key, event.currentTarget.value && Number(event.currentTarget.value)))}
            />
          </Field>
        ))}
      </div>
      <Field label={t('alertHours')} hint="mon-sat 09:00-20:00">
        <input type="text" value={typeof rule['hours'] === 'string' ? rule['hours'] : ''} onChange={(event) => onChange(withField(rule, 'hours', event.currentTarget.value.trim()))} />
      </Field>
      <button type="button" onClick={props.onRemove}>
        {t('removeAlert')}
      </button>
    </li>
  )
}

export function AlertsForm(props: { zone: Zone; onChange: (zone: Zone) => void }) {
  const rules = rulesOf(props.zone)
  const set = (next: Rule[]) => props.onChange(withKey(props.zone, 'alerts', next.length ? next : undefined))
  const add = () => {
    const names = rules.map((rule) => String(rule['name'] ?? rule.kind))
    const kind = KINDS.find((k) => !names.includes(k)) ?? 'queue'
    const name = names.includes(kind) ? { name: `${kind} ${String(rules.length + 1)}` } : {}
    set([...rules, { ...BEGINNING[kind], ...name }])
  }
  return (
    <details open={rules.length > 0}>
      <summary>{t('alerts')}</summary>
      <ul>
        {rules.map((rule, i) => (
          <RuleForm key={i} rule={rule} onChange={(next) => set(rules.map((r, k) => (k === i ? next : r)))} onRemove={() => set(rules.filter((_, k) => k !== i))} />
        ))}
      </ul>
      <button type="button" onClick={add}>
        {t('addAlert')}
      </button>
    </details>
  )
}
