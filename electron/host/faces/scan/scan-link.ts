import { setImmediate as turn } from 'node:timers/promises'
import { faceScanContract, facesAPut, type FaceScanContract } from '../../../../shared/contract/face-scan.contract.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { createClient } from '../../../../shared/wire/client.ts'
import type { Client } from '../../../../shared/wire/contract.ts'
import type { WorkerThread } from '../../ports.ts'
import type { Found } from './descriptor-rows.ts'

export interface EnrolledDescriptor {
  readonly id: string
  readonly descriptor: Float32Array
}

export interface ScanLink {
  /** Starts the thread where there is none, with everybody who is enrolled. @throws AppError call-closed where it ends twice */
  nearest(descriptor: readonly number[], within: number, most: number, except: readonly string[]): Promise<{ compared: number; found: Found[] }>
  /** For a thread that runs; one that is started later reads it with everything else. */
  put(enrolled: EnrolledDescriptor): Promise<void>
  remove(id: string): Promise<void>
  /** Ends the thread with everything that it keeps. */
  stop(): void
}

type Scan = Client<FaceScanContract>['faces']

/** The thread that looks through enrolled faces, from the first question on. @param enrolled everybody, some at a time, no more than `facesAPut` */
export function createScanLink(start: () => WorkerThread, enrolled: () => AsyncIterable<readonly EnrolledDescriptor[]>): ScanLink {
  let open: { thread: WorkerThread; filled: Promise<Scan> } | undefined

  function opened(): Promise<Scan> {
    if (open) return open.filled
    const thread = start()
    const { call } = createClient(faceScanContract, thread.transport)
    const mine = { thread, filled: fill(call.faces, enrolled()) }
    const forget = () => {
      if (open === mine) open = undefined
    }
    thread.transport.onClose(forget)
    mine.filled.catch(() => {
      forget()
      thread.kill()
    })
    open = mine
    return mine.filled
  }

  /** What it was not told it reads with everything else: one that cannot be told is ended, and what was saved stays saved. */
  async function tell(say: (scan: Scan) => Promise<unknown>): Promise<void> {
    const mine = open
    if (!mine) return
    try {
      await say(await mine.filled)
    } catch {
      mine.thread.kill()
      if (open === mine) open = undefined
    }
  }

  return {
    nearest: async (descriptor, within, most, except) => {
      const ask = async () => (await opened()).nearest({ descriptor: [...descriptor], within, most, except: [...except] })
      try {
        return await ask()
      } catch (error) {
        // It has ended under the question: another one reads everybody anew.
        if (!AppError.is(error, 'call-closed')) throw error
        return ask()
      }
    },
    put: (one) => tell((scan) => scan.put(toPut([one]))),
    remove: (id) => tell((scan) => scan.remove({ id })),
    stop: () => {
      open?.thread.kill()
      open = undefined
    },
  }
}

async function fill(scan: Scan, enrolled: AsyncIterable<readonly EnrolledDescriptor[]>): Promise<Scan> {
  for await (const some of enrolled) {
    if (some.length > facesAPut) throw new RangeError('too many at once')
    await scan.put(toPut(some))
    await turn()
  }
  return scan
}

function toPut(some: readonly EnrolledDescriptor[]) {
  const bytes = some.map(({ descriptor }) => new Uint8Array(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength))
  return { ids: some.map(({ id }) => id), descriptors: Buffer.concat(bytes).toString('base64') }
}
