// SPDX-License-Identifier: Apache-2.0
// Colours of zones: told apart on pictures, in both themes and with red-green blindness (after Okabe
// and Ito 2008).
export const PALETTE = ['#56b4e9', '#e69f00', '#00b386', '#cc79a7', '#f0e442', '#d55e00', '#7a8cff', '#8fbf3f'] as const

export function colorOf(zone: { [key: string]: unknown } | undefined, index: number): string {
  const own = zone?.['color']
  if (typeof own === 'string' && /^#[0-9a-f]{6}$/i.test(own)) return own
  return PALETTE[((index % PALETTE.length) + PALETTE.length) % PALETTE.length] ?? PALETTE[0]
}
