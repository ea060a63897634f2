// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it } from 'vitest'
import { bytes, figure, guessUnit, interval, seconds } from '../src/format'
import { language, maybe, speak, t } from '../src/text'
import { de } from '../src/text/de'
import { en } from '../src/text/en'

afterEach(() => speak('en'))

describe('figures', () => {
  it.each([
    [0, '0.0 s'], [4.23, '4.2 s'], [59.96, '1 min 00 s'], [185, '3 min 05 s'], [3599.7, '1 h 00 min'], [3900, '1 h 05 min'], [-1.5, '−1.5 s'],
  ])('tell %f seconds as %s', (value, text) => {
    expect(seconds(value)).toBe(text)
  })
  it.each([
    [1234, 'count', '1,234'], [0.324487, 'share', '32.4 %'], [0.25, 'change', '+25.0 %'], [-0.25, 'change', '−25.0 %'],
    [0.034, 'points', '+3.4 points'], [0.0004, 'p', '< 0.001'], [0.04, 'p', '0.040'], [null, 'count', '–'], [12.34, 'number', '12.3'], [9.876, 'number', '9.88'],
    [0.021, 'number', '0.02'], [0.004, 'number', '< 0.01'], [3, 'number', '3'],
  ] as const)('tell %f of unit %s as %s', (value, unit, text) => {
    expect(figure(value, unit)).toBe(text)
  })
  it('tell the unit of an interval once', () => {
    expect(interval({ value: 0.32, low: 0.315, high: 0.334 }, 'share')).toBe('31.5 to 33.4 %')
    expect(interval({ value: 50, low: 40, high: 70 }, 'seconds')).toBe('40.0 s to 1 min 10 s')
    expect(interval({ value: 1, low: null, high: null }, 'count')).toBe('')
    expect(interval({ value: 1.2, low: 1, high: null }, 'seconds')).toBe('1.0 s or more')
    expect(interval({ value: null, low: 1, high: null }, 'seconds')).toBe('1.0 s or more')
    expect(interval({ value: 1, low: null, high: 2 }, 'count')).toBe('2 or less')
    expect(interval({ value: null, low: 1, high: 2 }, 'count')).toBe('')
  })
  it('tell bytes', () => {
    expect(bytes(0)).toBe('0 B')
    expect(bytes(1_234_567)).toBe('1.2 MB')
  })
  it('follow the language', async () => {
    await speak('de')
    expect(language.value).toBe('de')
    expect(figure(1234, 'count')).toBe('1.234')
    expect(figure(0.324, 'share')).toBe('32,4 %')
  })
  it('guess a unit from a key only where the program says none', () => {
    expect(guessUnit('median_s', 2)).toBe('seconds')
    expect(guessUnit('stop_rate', { value: 0.2, low: 0.1, high: 0.3 })).toBe('share')
    expect(guessUnit('zone', 'table')).toBe('text')
    expect(guessUnit('per_hour_a', 14.66)).toBe('number')
    expect(guessUnit('visits', 12)).toBe('count')
  })
})

describe('words', () => {
  const names = (sentence: string) => [...new Set([...sentence.matchAll(/(?<!\$)\{(\w+)\}/g)].map((m) => m[1]))].sort()
  it('are there in every language, with the same places for values', () => {
    for (const [key, sentence] of Object.entries(en)) {
      const german = de[key as keyof typeof en]
      expect(german, key).toBeTruthy()
      expect(names(german), key).toEqual(names(sentence))
    }
  })
  it('say one and many', () => {
    expect(t('peopleSeen', { n: 1 })).toBe('1 person seen')
    expect(t('peopleSeen', { n: 0 })).toBe('0 people seen')
  })
  it('keep braces that stand for nothing here', () => {
    expect(t('cameraLoginHint')).toContain('${NAME}')
  })
  it('keep what the program calls something that has no word yet', () => {
    expect(maybe('col_new_thing', 'new thing')).toBe('new thing')
  })
})
