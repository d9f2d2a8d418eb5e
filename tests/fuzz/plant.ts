import { registerHooks } from 'node:module'
import { isPlant, plants } from './plants.ts'

/** Loaded before a process's own entry: plants the bug that FUZZ_PLANT names. */
const name = process.env['FUZZ_PLANT']
if (!isPlant(name)) throw new Error('FUZZ_PLANT names no bug')
const { file, find, put } = plants[name]

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(`/${file}`)) return loaded
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source ?? undefined)
    if (!source.includes(find)) throw new Error(`${file} no longer reads as the planted bug needs it`)
    return { ...loaded, source: source.replace(find, put) }
  },
})
