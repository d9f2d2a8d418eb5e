import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { allFiles, readSource, repository, sourceFiles } from './source-files.ts'

const linesIn = (path: string) => readSource(path).trimEnd().split('\n').length

describe('a source file', () => {
  it('is at most 300 lines long', () => {
    const long = sourceFiles.map((path) => ({ path, lines: linesIn(path) })).filter(({ lines }) => lines > 300)
    expect(long).toEqual([])
  })

  it('names what it exports', () => {
    const anonymous = sourceFiles.filter((path) => /\.ts$/.test(path) && !/\.(config|d)\.ts$/.test(path) && /^export default\b/m.test(readSource(path)))
    expect(anonymous).toEqual([])
  })

  it('silences no lint rule and no type error, and skips no test', () => {
    const excuse = new RegExp(['eslint' + '-disable', '@ts' + '-(ignore|expect-error|nocheck)', String.raw`\b(it|test|describe)\.(only|skip|todo|fixme)\b`].join('|'))
    expect(sourceFiles.filter((path) => excuse.test(readSource(path)))).toEqual([])
  })

  it('writes no channel name outside shared/: the contract names them', () => {
    const literalChannel = /\bipc(Main|Renderer)\s*\.\s*\w+\(\s*['"`]|\bcontents?\.send\(\s*['"`]|\.postMessage\(\s*['"`]/
    const strays = sourceFiles.filter((path) => /^(electron|renderer)\//.test(path) && literalChannel.test(readSource(path)))
    expect(strays).toEqual([])
  })
})

describe('a style', () => {
  const styles = allFiles().filter((path) => /^renderer\/.*\.(vue|css)$/.test(path))
  const styleOf = (path: string) => (path.endsWith('.css') ? readSource(path) : [...readSource(path).matchAll(/<style[\s\S]*?<\/style>/g)].join('\n'))

  it('takes its colours by name from renderer/theme/colours.css, where each stands for both looks', () => {
    const colour = /#[\da-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(|:\s*(white|black)\b/i
    const strays = styles.filter((path) => path !== 'renderer/theme/colours.css' && colour.test(styleOf(path)))
    expect(strays).toEqual([])
  })

  it('asks its container how wide it is, and not the window: larger text leaves less room', () => {
    expect(styles.filter((path) => /@media[^{]*\b(width|height)\b/.test(styleOf(path)))).toEqual([])
  })
})

describe('the repository', () => {
  const texts = allFiles().filter((path) => !/\.(png|jpg|ico|woff2|wasm|bin|onnx|xlsx|pdf)$/.test(path))

  it('knows no path and no name of the machine it was made on', () => {
    // Put together here so that this file does not find itself.
    const traces = [repository, `/${'work'}/`, `/${'root'}/`, `/${'home'}/`, ...(hostname().length > 5 ? [hostname()] : [])]
    const found = texts.filter((path) => traces.some((trace) => readSource(path).includes(trace)))
    expect(found).toEqual([])
  })

  it('names no package registry', () => {
    const registry = new RegExp([String.raw`registry\.[a-z]+`, String.raw`${'deb'}\.debian\.org`, String.raw`"resolved":`].join('|'))
    const found = texts.filter((path) => path !== 'tests/unit/architecture/style.test.ts' && registry.test(readSource(path)))
    expect(found).toEqual([])
  })

  it('pins every direct dependency to one version', () => {
    const manifest = JSON.parse(readSource('package.json')) as Record<string, Record<string, string> | undefined>
    const ranges = ['dependencies', 'devDependencies', 'optionalDependencies']
      .flatMap((group) => Object.entries(manifest[group] ?? {}))
      // Also under a name of our own.
      .filter(([, version]) => !/^(npm:[@\w/-]+@)?\d+\.\d+\.\d+$/.test(version))
    expect(ranges).toEqual([])
  })
})
