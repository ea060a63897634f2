// SPDX-License-Identifier: Apache-2.0
// Requests to the program. A refusal is thrown as `Refusal` with the program's own sentence.
import { signal } from '@preact/signals'
import type { Problem, Session } from './types'

export const BASE = '/api/v1'

/** Who is signed in; null until the program has answered. */
export const session = signal<Session | null>(null)

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title)
  }
  get status(): number {
    return this.problem.status
  }
}

export interface Answer<T> {
  body: T
  etag: string | null
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = { type: 'about:blank', title: response.statusText, status: response.status, detail: '' }
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) }
  } catch {
    return fallback
  }
}

function headersFor(method: string, body: unknown, etag: string | null | undefined): Headers {
  const headers = new Headers()
  if (method !== 'GET' && session.value?.csrf) headers.set('X-CSRF-Token', session.value.csrf)
  if (body !== undefined) headers.set('Content-Type', 'application/json')
  if (etag) headers.set('If-Match', etag)
  return headers
}

/** The answer, when it is a good one. */
async function send(method: string, path: string, body: unknown, etag?: string | null): Promise<Response> {
  const init: RequestInit = { method, headers: headersFor(method, body, etag), credentials: 'same-origin' }
  if (body !== undefined) init.body = JSON.stringify(body)
  const response = await fetch(BASE + path, init)
  if (response.status === 401 && session.value?.user && path !== '/session')
    session.value = { ...session.value, user: null }
  if (!response.ok) throw new Refusal(await problemOf(response))
  return response
}

export async function request<T>(method: string, path: string, body?: unknown, etag?: string | null): Promise<Answer<T>> {
  const response = await send(method, path, body, etag)
  const empty = response.status === 204 || !response.headers.get('Content-Type')?.includes('json')
  return { body: (empty ? null : await response.json()) as T, etag: response.headers.get('ETag') }
}

export const get = async <T>(path: string): Promise<T> => (await request<T>('GET', path)).body
export const post = async <T>(path: string, body: unknown): Promise<T> =>
  (await request<T>('POST', path, body)).body

/** The JPEG that is answered, as an address for an image. */
export async function picture(path: string, body: unknown): Promise<string> {
  const bytes = new Uint8Array(await (await send('POST', path, body)).arrayBuffer())
  return `data:image/jpeg;base64,${btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''))}`
}

/** A query without the fields that say nothing. */
export function query(fields: Record<string, string | number | boolean | null | undefined>): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
  const text = new URLSearchParams(pairs.map(([key, value]) => [key, value === true ? '' : String(value)])).toString()
  return text ? `?${text}` : ''
}

export const encode = encodeURIComponent

export async function refreshSession(): Promise<void> {
  session.value = await get<Session>('/session')
}

export async function signOut(): Promise<void> {
  await request('DELETE', '/session')
  await refreshSession()
}

const RANK = { viewer: 0, editor: 1, admin: 2 }

/** Whether the one signed in may do what wants this role. */
export function may(role: keyof typeof RANK): boolean {
  const user = session.value?.user
  return !!user && RANK[user.role] >= RANK[role]
}
