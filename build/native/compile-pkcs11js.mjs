// Plain JavaScript for the machine's own Node. npm holds back install scripts, and pkcs11js ships no prebuilt binary.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Compiles node_modules/pkcs11js/build/Release/pkcs11.node where it is missing: three C++ files against Node-API's
 * stable headers, so the result serves every Node and Electron of this system.
 * @returns undefined, or the line that says what to do
 */
export function compilePkcs11js() {
  const pkcs11js = `${root}node_modules/pkcs11js`
  const output = `${pkcs11js}/build/Release/pkcs11.node`
  if (existsSync(output)) return undefined
  if (process.platform !== 'linux') {
    const built = spawnSync('npm', ['rebuild', 'pkcs11js', '--allow-scripts=pkcs11js'], { cwd: root, stdio: 'inherit', shell: true })
    return built.status === 0 ? undefined : 'pkcs11js 编译失败：请安装 Visual Studio 生成工具后重试。'
  }
  mkdirSync(`${pkcs11js}/build/Release`, { recursive: true })
  const result = spawnSync(
    'g++',
    [
      '-shared', '-fPIC', '-O2', '-std=c++17', '-s', '-w',
      '-DBUILDING_NODE_EXTENSION', '-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DNODE_GYP_MODULE_NAME=pkcs11',
      `-I${root}node_modules/node-api-headers/include`, `-I${pkcs11js}/includes`,
      '-o', output, `${pkcs11js}/src/dl.cpp`, `${pkcs11js}/src/common.cpp`, `${pkcs11js}/src/main.cpp`, '-ldl',
    ],
    { encoding: 'utf8' },
  )
  if (result.error) return 'g++ not found. Run: apt-get install -y g++'
  return result.status === 0 ? undefined : `pkcs11js did not compile:\n${result.stderr}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problem = compilePkcs11js()
  if (problem) {
    console.error(problem)
    process.exit(1)
  }
}
