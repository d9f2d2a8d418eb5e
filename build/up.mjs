// Behind every npm script: installs what the job needs, then runs it on Node 24. Plain JavaScript without dependencies,
// because it must work on the machine's own Node before anything is installed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compilePkcs11js } from './native/compile-pkcs11js.mjs'
import { installNodeModules } from './setup/node-modules.mjs'
import { installSystemPackages } from './setup/system-packages.mjs'

const jobs = ['start', 'tour', 'test', 'bench', 'fuzz', 'face-evaluate', 'face-soak', 'check', 'build', 'package']
const [job, ...args] = process.argv.slice(2)

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
if (!jobs.includes(job)) stop(`usage: node build/up.mjs ${jobs.join('|')}`)
requireNode()

try {
  installSystemPackages(job)
  installNodeModules()
  requirePkcs11()
} catch (error) {
  stop(error.message)
}

const bin = join(process.cwd(), 'node_modules', '.bin')
const env = { ...process.env, PATH: bin + delimiter + process.env.PATH }
const node = findNode24()
runJob()

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) stop(`This needs Node 20.19 or newer; this is ${process.versions.node}.`)
}

/** What never signs does without it. */
function requirePkcs11() {
  const problem = ['build', 'face-evaluate', 'face-soak'].includes(job) ? undefined : compilePkcs11js()
  if (problem) throw new Error(problem)
}

/** npm brings Node 24 on 64-bit Linux; elsewhere the machine's own must be one. */
function findNode24() {
  const own = join(bin, 'node')
  if (process.platform === 'linux' && existsSync(own)) return own
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return stop(`On this system (${process.platform}-${process.arch}) install Node 24 or newer; this is ${process.versions.node}.`)
}

function runJob() {
  const child = spawn(node, [`build/${job}.ts`, ...args], { stdio: 'inherit', env })
  // The job ends its own children; this one only waits for it.
  let told = false
  const tell = (signal) => {
    told = true
    child.kill(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, tell)
  // A second word would mean "now".
  whenParentIsGone(() => told || tell('SIGTERM'))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}

/** npm that is ended ends the shell it has started, but that shell tells nobody: its disappearance has to do. */
function whenParentIsGone(act) {
  const parent = process.ppid
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    act()
  }, 500)
}

function stop(message) {
  console.error(message)
  process.exit(1)
}
