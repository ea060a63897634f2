// SPDX-License-Identifier: Apache-2.0
// What happened, as a sentence for who runs a shop.
import { figure } from './format'
import { said, t } from './text'
import type { Alert, LogEntry } from './types'

const ALERTS = ['queue', 'dwell', 'occupancy', 'empty'] as const

export function sayAlert(alert: Alert): string {
  const zone = alert.zone ?? alert.camera
  if (alert.kind === 'alert_cleared') return t('said_over', { zone })
  const people = Number(alert['people'] ?? 0)
  const rule = ALERTS.find((known) => known === alert['rule'])
  return rule ? t(`said_${rule}`, { zone, people }) : (alert.detail ? said(alert.detail) : t('alertAt', { zone }))
}

/** How much it matters, the least first. */
export const LEVELS = ['info', 'warning', 'error'] as const
export type Level = (typeof LEVELS)[number]

interface Said {
  level: Level
  sentence: string
}

const STATES: Record<string, Level> = { running: 'info', starting: 'info', off: 'info', waiting: 'warning', failed: 'error' }

function sayHealth(data: LogEntry['data']): Said {
  const state = String(data['state'])
  const reason = said(String(data['reason'] ?? ''))
  const level = STATES[state] ?? 'warning'
  if (state === 'running' && reason) return { level: 'warning', sentence: reason }
  const known = state === 'running' || state === 'off' || state === 'failed' || state === 'waiting' || state === 'starting'
  const words = known ? t(`health_${state}`) : state
  return { level, sentence: reason ? `${words}: ${reason}` : words }
}

function sayGap(data: LogEntry['data']): Said {
  const lasted = (Date.parse(String(data['end'])) - Date.parse(String(data['start']))) / 1000
  const time = lasted > 0 ? figure(lasted, 'seconds') : ''
  const words = time ? t('gapLasted', { time }) : t('gapShort')
  return { level: 'warning', sentence: data['reason'] ? `${words} (${said(String(data['reason']))})` : words }
}

export function sayLog(entry: LogEntry): Said {
  switch (entry.kind) {
    case 'health':
      return sayHealth(entry.data)
    case 'gap':
      return sayGap(entry.data)
    case 'alert': {
      const alert = { ...entry.data, camera: entry.camera } as Alert
      return { level: alert.kind === 'alert_cleared' ? 'info' : 'warning', sentence: sayAlert(alert) }
    }
  }
}
