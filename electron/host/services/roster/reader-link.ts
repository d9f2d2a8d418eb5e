import { rosterReaderContract, type RosterReaderContract } from '../../../../shared/contract/roster-reader.contract.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { createClient } from '../../../../shared/wire/client.ts'
import type { Client } from '../../../../shared/wire/contract.ts'
import type { HostPorts, WorkerThread } from '../../ports.ts'

type Reader = Client<RosterReaderContract>['roster']

export interface ReaderLink {
  /** Asks the thread, starting it where there is none. @throws AppError roster-stopped where it ends meanwhile, and what it answers */
  ask<T>(task: (reader: Reader) => Promise<T>): Promise<T>
  /** Ends the thread with everything that it keeps. */
  stop(): void
}

/** The thread that reads rosters, for as long as somebody wants something of it. */
export function createReaderLink(start: HostPorts['startRosterReader'], onProgress: (part: number) => void): ReaderLink {
  let open: { thread: WorkerThread; reader: Reader } | undefined

  function opened(): Reader {
    if (open) return open.reader
    const thread = start()
    const { call, on } = createClient(rosterReaderContract, thread.transport)
    const mine = { thread, reader: call.roster }
    thread.transport.onClose(() => {
      if (open === mine) open = undefined
    })
    on('roster', 'progress', ({ part }) => onProgress(part))
    open = mine
    return mine.reader
  }

  return {
    ask: async (task) => {
      try {
        return await task(opened())
      } catch (error) {
        // It ends where it runs out of memory, or fails in a way that nobody foresaw.
        if (AppError.is(error, 'call-closed', 'internal')) throw new AppError('roster-stopped', {}, { cause: error })
        throw error
      }
    },
    stop: () => {
      open?.thread.kill()
      open = undefined
    },
  }
}
