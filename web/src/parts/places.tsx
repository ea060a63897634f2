// SPDX-License-Identifier: Apache-2.0
// Which camera and which zone: of those that have anything to show.
import { get, query } from '../api'
import { spanOf } from '../comparison'
import { params, setParams } from '../route'
import { t } from '../text'
import { addDays, isDay } from '../time'
import type { Place } from '../types'
import { Choice, useLoaded } from './common'

/** All days that the address speaks of; none leaves them to the program. It takes the day after the last. */
function daysAsked(chosen: URLSearchParams): Record<string, string | undefined> {
  const spans = ['a', 'b'].map((name) => spanOf(chosen.get(name))).filter((span) => span !== null)
  const from = spans.map((span) => span.from).sort()[0] ?? chosen.get('from')
  const to = spans.map((span) => span.to).sort().at(-1) ?? chosen.get('to')
  return { from: isDay(from) ? from : undefined, to: isDay(to) ? addDays(to, 1) : undefined }
}

/** The zones that were measured in the days chosen; also those of cameras that are gone or were simulated. */
export function usePlaces(): Place[] {
  const address = `/places${query(daysAsked(params.value))}`
  return useLoaded(address, () => get<{ places: Place[] }>(address)).value?.places ?? []
}

/** Which of them were chosen, in words, for the paper on which there are no pickers. */
export function Chosen() {
  const chosen = (['camera', 'zone'] as const).map((key) => [t(key), params.value.get(key)] as const)
  return <>{chosen.map(([name, value]) => value && `${name}: ${value}. `)}</>
}

export function PlacePickers() {
  const camera = params.value.get('camera') ?? ''
  const zone = params.value.get('zone') ?? ''
  const places = usePlaces()
  const cameras = [...new Set([...places.map((place) => place.camera), ...(camera ? [camera] : [])])]
  const zones = [...new Set([...places.filter((place) => !camera || place.camera === camera).map((place) => place.zone), ...(zone ? [zone] : [])])]
  const all = [['', t('all')]] as const
  return (
    <>
      {cameras.length > 1 && (
        <Choice label={t('camera')} value={camera} options={[...all, ...cameras.map((c) => [c, c] as const)]} onChange={(c) => setParams({ camera: c, zone: '' })} />
      )}
      <Choice label={t('zone')} value={zone} options={[...all, ...zones.map((z) => [z, z] as const)]} onChange={(z) => setParams({ zone: z })} />
    </>
  )
}
