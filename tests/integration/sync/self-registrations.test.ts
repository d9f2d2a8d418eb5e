import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSelfRegistrationsService } from '../../../electron/host/services/self-registrations/self-registrations.service.ts'
import { idCardFrontType, portraitType } from '../../../shared/domain/attachments.ts'
import { startCentral, type Central } from '../../support/central-service.ts'
import { workerValues } from '../../support/people.ts'
import { jpegOf, phoneOf, putUpPoster, textsOf } from '../../support/self-registrations.ts'
import { openWorkstation, type Workstation } from '../../support/sync-rig.ts'

describe('扫码登记 at a workstation', () => {
  let folder: string
  let central: Central
  let station: Workstation
  let projectId: string
  let phone: ReturnType<typeof phoneOf>
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forms-'))
    central = await startCentral({ kind: 'sqlite', path: join(folder, 'central.db') })
    await central.app.listen({ host: '127.0.0.1', port: 0 })
    const clerk = await central.newClerk()
    const poster = await putUpPoster(central, clerk)
    projectId = poster.projectId
    phone = phoneOf(central, poster.code)
    station = await openWorkstation(mkdtempSync(join(folder, 'station-')), { id: clerk.unit.id, username: clerk.unit.username, accountId: clerk.unit.accountId }, { url: `http://127.0.0.1:${(central.app.server.address() as AddressInfo).port}` }, {})
    await station.connect()
  })
  afterAll(async () => {
    await station?.close()
    await central?.close()
    if (folder) rmSync(folder, { recursive: true })
  })

  const forms = (by: Workstation = station) =>
    createSelfRegistrationsService({
      local: by.local, central: by.client, attachments: by.attachments, bindings: by.bindings, clock: { now: () => new Date() }, log: { info: () => undefined, warn: () => undefined, error: () => undefined }, changed: () => undefined,
    })
  async function scan(person: number): Promise<{ id: string; token: string }> {
    const request = await phone.fillIn(person)
    await phone.sendWhole(request)
    return request
  }
  const names = async () => (await forms().waiting({ projectId })).items.map(({ name }) => name)
  const workers = async () => (await station.bindings.list({ projectId, personType: 'worker', name: '', status: null, page: 1, pageSize: 50 })).rows

  it('is read with its photos, becomes the worker’s form with what the phone told, and is settled by handing that in', async () => {
    const mine = await scan(31)
    expect(await names()).toEqual([textsOf(31).name])
    expect(await forms().open({ id: mine.id })).toMatchObject({ id: mine.id, projectId, registrationId: null, values: textsOf(31) })
    const photo = await forms().readPhoto({ id: mine.id, photo: 'portrait', offset: 0 })
    expect(Buffer.from(photo.chunk, 'base64')).toEqual(jpegOf(1))
    expect(photo.size).toBe(jpegOf(1).length)

    const { recordId, photos } = await forms().accept({ id: mine.id })
    expect(photos).toBe(true)
    const { values, revision } = await station.form(recordId)
    expect(values).toMatchObject(textsOf(31))
    expect((await station.attachments.list({ recordId })).items.map(({ type }) => type).sort()).toEqual([idCardFrontType, portraitType])
    expect(await workers()).toMatchObject([{ recordId, waitsFor: 'form' }])
    // A second look begins no second form.
    await expect(forms().accept({ id: mine.id })).rejects.toMatchObject({ code: 'registration-here', details: { id: recordId } })

    await station.registrations.submit({ id: recordId, values, revision })
    await station.sync()
    expect(await names()).toEqual([])
    expect((await phone.own(mine)).body).toMatchObject({ state: 'registered' })
    expect(await workers()).toMatchObject([{ recordId, waitsFor: null, syncState: 'uploaded', status: 'unsubmitted' }])
  })

  it('goes back with a reason without numbers, which the phone shows', async () => {
    const mine = await scan(32)
    await expect(forms().giveBack({ id: mine.id, reason: '请打电话 13800001234' })).rejects.toMatchObject({ code: 'reason-has-number' })
    await forms().giveBack({ id: mine.id, reason: ' 身份证照片看不清，请重拍。 ' })
    expect((await phone.own(mine)).body).toMatchObject({ state: 'returned', reason: '身份证照片看不清，请重拍。' })
    await expect(forms().open({ id: mine.id })).rejects.toMatchObject({ code: 'self-registration-settled' })
    expect(await names()).toEqual([])
  })

  it('of somebody who is registered here comes onto the project as who they are', async () => {
    const known = workerValues(33)
    const { id: recordId, revision } = await station.registrations.begin({ idCardNo: known.idCardNo, personType: 'worker' })
    await station.registrations.submit({ id: recordId, values: known, revision })
    await station.sync()
    const mine = await scan(33)
    expect(await forms().open({ id: mine.id })).toMatchObject({ registrationId: recordId })
    await forms().acceptRegistered({ id: mine.id })
    await station.sync()
    expect((await phone.own(mine)).body).toMatchObject({ state: 'registered' })
    expect((await workers()).map((row) => row.recordId)).toContain(recordId)
    expect(await station.values(recordId)).toMatchObject({ mobile: known.mobile })
  })
})
