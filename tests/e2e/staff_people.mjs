// SPDX-License-Identifier: Apache-2.0
// Who wears red in the film of staff_film.py, and waiting for what comes with it.
import assert from 'node:assert/strict'

/** The numbers of the people at the desk, the reddest before the chest first. */
export const reddestFirst = (page) =>
  page.evaluate(async () => {
    const { people } = await (await fetch('/api/v1/staff/people?limit=300')).json()
    const redness = async ({ id }) => {
      const picture = await createImageBitmap(await (await fetch(`/api/v1/staff/people/${id}/tile`)).blob())
      const canvas = new OffscreenCanvas(1, 1).getContext('2d')
      const { width: w, height: h } = picture
      canvas.drawImage(picture, w * 0.3, h * 0.22, w * 0.4, h * 0.25, 0, 0, 1, 1)
      const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data
      return { id, value: r - Math.max(g, b) }
    }
    return (await Promise.all(people.map(redness))).sort((a, b) => b.value - a.value).map(({ id }) => id)
  })

/** What it gives as soon as it is as wanted. */
export async function until(what, wanted) {
  for (const end = Date.now() + 60_000; ; await new Promise((done) => setTimeout(done, 300))) {
    const value = await what()
    if (wanted(value)) return value
    assert.ok(Date.now() < end, 'it never came')
  }
}
