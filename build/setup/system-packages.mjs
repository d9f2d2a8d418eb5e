import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const hasProgram = (name) => (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))
const hasPkcs11 = () => existsSync('node_modules/pkcs11js/build/Release/pkcs11.node')
const hasDemoLocks = () => existsSync('node_modules/.cache/demo-locks')

/** What each job needs of the system: the Debian package, what for, and how to see that it is there. */
const needs = [
  { name: 'chromium', jobs: ['start', 'tour', 'test', 'bench', 'face-evaluate', 'face-soak'], there: () => !!process.env.CHROMIUM || hasProgram('chromium') },
  { name: 'softhsm2', jobs: ['start', 'tour', 'test', 'bench'], there: () => hasProgram('softhsm2-util') },
  // Without it Chinese text in a screenshot is boxes.
  { name: 'fonts-noto-cjk', jobs: ['start', 'tour', 'test', 'bench'], there: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc') },
  { name: 'postgresql-15', jobs: ['test', 'bench'], there: () => existsSync('/usr/lib/postgresql/15/bin/postgres') },
  // Plays the CA that answers about revocation.
  { name: 'openssl', jobs: ['test'], there: () => hasProgram('openssl') },
  // Look at printed posters as somebody with a phone does: one draws the pages, one reads the codes on them.
  { name: 'poppler-utils', jobs: ['test', 'bench'], there: () => hasProgram('pdftoppm') },
  { name: 'zbar-tools', jobs: ['test', 'bench'], there: () => hasProgram('zbarimg') },
  // Its pkcs11-tool is what signing is measured against.
  { name: 'opensc', jobs: ['bench'], there: () => hasProgram('pkcs11-tool') },
  // Compiles pkcs11js, which comes without a binary; for a demonstration also the module that lets a lock be pulled
  // out, and for the tests the one that fails on demand.
  { name: 'g++', jobs: ['check'], there: () => hasPkcs11() || hasProgram('g++') },
  { name: 'g++', jobs: ['start', 'tour'], there: () => (hasPkcs11() && hasDemoLocks()) || hasProgram('g++') },
  { name: 'g++', jobs: ['test', 'bench'], there: () => hasProgram('g++') },
]

/**
 * Installs the job's missing Debian packages where this user may; else throws with the line to run.
 * On other systems it only says what is missing.
 */
export function installSystemPackages(job) {
  if (process.platform !== 'linux') return
  const missing = needs.filter(({ jobs, there }) => jobs.includes(job) && !there()).map(({ name }) => name)
  if (missing.length === 0) return
  if (!hasProgram('apt-get')) throw new Error(`Missing: ${missing.join(', ')} (names of the Debian packages). Install them and run this again.`)

  const isRoot = process.getuid() === 0
  const mayUseSudo = !isRoot && hasProgram('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0
  const byHand = `apt-get update && ${isRoot ? '' : 'sudo '}apt-get install -y --no-install-recommends ${missing.join(' ')}`
  const line = isRoot ? byHand : `sudo ${byHand}`
  if (!isRoot && !mayUseSudo) throw new Error(`Missing system packages. Run: ${line}`)

  console.log(`Installing ${missing.join(', ')} …`)
  const apt = (...args) => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
    const [program, ...rest] = isRoot ? command : ['sudo', '-n', ...command]
    return spawnSync(program, rest, { encoding: 'utf8', maxBuffer: 1 << 28 })
  }
  const withoutCluster = keepPostgresqlFromStarting(missing, isRoot)
  try {
    // An unreachable extra source need not matter; the install says whether it does.
    apt('update', '-q')
    const install = apt('install', '-y', '-q', '--no-install-recommends', ...missing)
    if (install.status !== 0) {
      const reason = `${install.stderr}`.trim().split('\n').slice(-5).join('\n')
      throw new Error(`apt-get failed:\n${reason}\nRun: ${line}`)
    }
  } finally {
    withoutCluster.undo()
  }
}

/** The tests need PostgreSQL's programs only: the package would also make a cluster and start it at every boot. */
function keepPostgresqlFromStarting(missing, isRoot) {
  const folder = '/etc/postgresql-common/createcluster.d'
  const file = join(folder, 'no-main-cluster.conf')
  const none = { undo: () => undefined }
  if (!missing.includes('postgresql-15') || existsSync(file)) return none
  if (!isRoot) {
    const made = spawnSync('sudo', ['-n', 'sh', '-c', `mkdir -p ${folder} && echo 'create_main_cluster = false' > ${file}`])
    return made.status === 0 ? { undo: () => spawnSync('sudo', ['-n', 'rm', '-f', file]) } : none
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, 'create_main_cluster = false\n')
  return { undo: () => rmSync(file, { force: true }) }
}
