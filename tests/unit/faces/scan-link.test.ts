import { expect, it } from 'vitest'
import { createScanLink, type EnrolledDescriptor } from '../../../electron/host/faces/scan/scan-link.ts'
import { serveFaceScan } from '../../../electron/host/faces/scan/serve-face-scan.ts'
import { createTransportPair } from '../../../shared/wire/transport.ts'
import { descriptorOf } from '../../support/faces.ts'

const enrolledOf = (last: number): EnrolledDescriptor => ({ id: `018f0000-0000-7000-8000-${String(last).padStart(12, '0')}`, descriptor: Float32Array.from(descriptorOf(last)) })

it('a thread that ends while it is told of a change costs nobody the change: the next one reads everybody anew', async () => {
  const everybody = [enrolledOf(1)]
  let ended = 0
  let swallows = false
  const scan = createScanLink(
    () => {
      const [host, thread] = createTransportPair()
      // Ends with the question instead of answering it.
      const mute = { ...thread, onFrame: (listener: (frame: unknown) => void) => thread.onFrame((frame) => (swallows ? thread.close() : listener(frame))) }
      serveFaceScan(mute)
      return { transport: host, kill: () => (ended++, host.close()) }
    },
    async function* () {
      yield everybody
    },
  )
  const compared = async () => (await scan.nearest(descriptorOf(9), 0.1, 5, [])).compared
  expect(await compared()).toBe(1)
  swallows = true
  everybody.push(enrolledOf(2))
  await scan.put(enrolledOf(2))
  swallows = false
  expect(await compared()).toBe(2)
  swallows = true
  everybody.shift()
  await scan.remove(enrolledOf(1).id)
  expect(ended).toBeGreaterThan(0)
  swallows = false
  expect((await scan.nearest(descriptorOf(1), 0.1, 5, [])).found).toEqual([])
})
