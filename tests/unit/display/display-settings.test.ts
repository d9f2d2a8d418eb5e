import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepDisplaySettings, readDisplaySettings } from '../../../electron/host/display-settings.ts'
import { dressPage } from '../../../electron/shell-common/dress-page.ts'
import { usualDisplaySettings } from '../../../shared/contract/display.contract.ts'

let data: string
beforeEach(() => void (data = mkdtempSync(join(tmpdir(), 'display-'))))
afterEach(() => rmSync(data, { recursive: true, force: true }))

describe('the display settings of a workstation', () => {
  it('are as the system has its colours, at the usual size, until somebody chooses', () => {
    expect(readDisplaySettings(data)).toEqual({ colours: 'system', textSize: 'standard' })
  })

  it('are there again after a restart, in a file of nobody else', () => {
    keepDisplaySettings(data, { colours: 'dark', textSize: 'large' })
    keepDisplaySettings(data, { colours: 'light', textSize: 'largest' })
    expect(readDisplaySettings(data)).toEqual({ colours: 'light', textSize: 'largest' })
    expect(statSync(join(data, 'display.json')).mode & 0o077).toBe(0)
  })

  it.each([
    ['is empty', ''],
    ['is cut off', '{"colours":"da'],
    ['names a colour that there is not', '{"colours":"pink","textSize":"large"}'],
    ['would write into the page', '{"colours":"dark\\"><script>","textSize":"large"}'],
    ['says too much', '{"colours":"dark","textSize":"large","more":1}'],
    ['is no object', 'null'],
  ])('are the usual ones where their file %s', (_what, text) => {
    writeFileSync(join(data, 'display.json'), text)
    expect(readDisplaySettings(data)).toEqual(usualDisplaySettings)
  })
})

describe('a page that a shell serves', () => {
  it('has them on its root element before anything of it has run', () => {
    expect(dressPage('<!doctype html>\n<html lang="zh-CN">\n', { colours: 'dark', textSize: 'largest' })).toBe('<!doctype html>\n<html data-colours="dark" data-text-size="largest" lang="zh-CN">\n')
  })
})
