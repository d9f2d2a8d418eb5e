import { openDesk } from './desk.ts'

/** Imports a roster in a process that does nothing else, and tells the most memory that it ever had, in MB. */
const [path = '', directory = ''] = process.argv.slice(2)
let peak = 0
const look = () => (peak = Math.max(peak, process.memoryUsage.rss()))
const watch = setInterval(look, 10)
const { desk, close } = await openDesk(directory)
await desk.open(path)
look()
await desk.calls.commit({ mode: 'submit' })
await desk.reached('written')
look()
clearInterval(watch)
await close()
console.log(peak / (1 << 20))
