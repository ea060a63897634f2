// SPDX-License-Identifier: Apache-2.0
// Where one is, as the address says: every view can be linked to, and Back goes back.
import { computed, signal } from '@preact/signals'

const here = () => ({ path: location.pathname, search: location.search })

export const place = signal(here())
export const parts = computed(() => place.value.path.split('/').filter(Boolean).map(decodeURIComponent))
export const params = computed(() => new URLSearchParams(place.value.search))

/** Asked before one leaves; false stays. Set by a view with unsaved work. */
export const guard: { current: (() => boolean) | null } = { current: null }

export function go(address: string, replace = false): void {
  const path = address.split('?')[0]
  if (path !== place.value.path && guard.current && !guard.current()) return
  history[replace ? 'replaceState' : 'pushState'](null, '', address)
  place.value = here()
}

/** Changes some fields of the query and keeps the others; '' removes one. */
export function setParams(changes: Record<string, string>, replace = true): void {
  const next = new URLSearchParams(params.value)
  for (const [key, value] of Object.entries(changes)) {
    if (value === '') next.delete(key)
    else next.set(key, value)
  }
  const text = next.toString()
  go(place.value.path + (text ? `?${text}` : ''), replace)
}

/** Turns clicks on links of the page into moves without loading it again. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    place.value = here()
  })
  addEventListener('beforeunload', (event) => {
    if (guard.current) event.preventDefault()
  })
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest('a')
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
    if (!link || !plain || link.origin !== location.origin || link.hasAttribute('download')) return
    if (link.target || link.pathname.startsWith('/api/') || link.hash) return
    event.preventDefault()
    go(link.pathname + link.search)
  })
}
