import { descriptorLength } from '../../../../shared/domain/face/template.ts'
import { faceScanContract, type FaceScanContract } from '../../../../shared/contract/face-scan.contract.ts'
import type { Services } from '../../../../shared/wire/contract.ts'
import { createDispatcher } from '../../../../shared/wire/dispatcher.ts'
import type { Transport } from '../../../../shared/wire/transport.ts'
import { createDescriptorRows } from './descriptor-rows.ts'

/** Serves the calls of `faceScanContract` over a transport. What goes wrong unforeseen ends the thread: the host sees it end. */
export function serveFaceScan(transport: Transport): void {
  const rows = createDescriptorRows()
  const services: Services<FaceScanContract> = {
    faces: {
      put: ({ ids, descriptors }) => {
        const floats = floatsOf(descriptors)
        if (floats.length !== ids.length * descriptorLength) throw new RangeError('a descriptor for each registration')
        for (const [index, id] of ids.entries()) rows.put(id, floats.subarray(index * descriptorLength, (index + 1) * descriptorLength))
        return {}
      },
      remove: ({ id }) => {
        rows.remove(id)
        return {}
      },
      nearest: ({ descriptor, within, most, except }) => rows.nearest(descriptor, within, most, new Set(except)),
      clear: () => {
        rows.clear()
        return {}
      },
    },
  }
  createDispatcher(faceScanContract, services, (error) => {
    // Thrown where nobody catches it: the thread ends, and the host tells so.
    queueMicrotask(() => {
      throw error
    })
  }).attach(transport)
}

/** float32, little-endian, as every machine that runs this has them. */
function floatsOf(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64')
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}
