import { afterEach, describe, expect, it, vi } from 'vitest'
import { isVirtualCamera, listCameras, openCamera } from '../../../renderer/face/camera.ts'

/** A camera as the browser hands it out. */
function trackOf(label: string) {
  const track = Object.assign(new EventTarget(), { label, stop: vi.fn(), getSettings: () => ({ deviceId: `id of ${label}` }) })
  return { track, stream: { getVideoTracks: () => [track], getTracks: () => [track] } }
}

function plugIn(cameras: readonly ReturnType<typeof trackOf>[], getUserMedia = vi.fn(async ({ video }: { video: { deviceId?: { exact: string } } }) => cameras.find(({ track }) => track.getSettings().deviceId === (video.deviceId?.exact ?? track.getSettings().deviceId))?.stream)) {
  const enumerateDevices = async () => cameras.map(({ track }) => ({ kind: 'videoinput', label: track.label, deviceId: track.getSettings().deviceId }))
  vi.stubGlobal('navigator', { mediaDevices: Object.assign(new EventTarget(), { enumerateDevices, getUserMedia }) })
}

describe('a camera', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it.each([
    ['NotFoundError', 'camera-missing'],
    ['OverconstrainedError', 'camera-missing'],
    ['NotReadableError', 'camera-busy'],
    ['NotAllowedError', 'camera-refused'],
    ['UnknownError', 'camera-failed'],
  ])('that cannot be opened for %s says %s', async (name, code) => {
    plugIn([], vi.fn(() => Promise.reject(new DOMException('', name))))
    await expect(openCamera()).rejects.toMatchObject({ code })
  })

  it('that is pulled out tells so once, and one that was closed tells nothing', async () => {
    const pulled = trackOf('HD Webcam')
    plugIn([pulled])
    const told = vi.fn()
    const camera = await openCamera()
    camera.onFault(told)
    pulled.track.dispatchEvent(new Event('ended'))
    expect(told.mock.calls).toEqual([[expect.objectContaining({ code: 'camera-lost' })]])
    const late = vi.fn()
    camera.onFault(late)
    expect(late).toHaveBeenCalledOnce()
    const closed = await openCamera()
    const silent = vi.fn()
    closed.onFault(silent)
    closed.close()
    pulled.track.dispatchEvent(new Event('ended'))
    expect(silent).not.toHaveBeenCalled()
    expect(pulled.track.stop).toHaveBeenCalled()
  })

  it('that is a program is passed over for a real one, and refused where it was chosen or there is no other', async () => {
    const [virtual, real] = [trackOf('OBS Virtual Camera'), trackOf('Integrated Camera')]
    plugIn([virtual, real])
    expect((await openCamera()).label).toBe('Integrated Camera')
    expect(virtual.track.stop).toHaveBeenCalled()
    expect(await listCameras()).toMatchObject([{ virtual: true }, { virtual: false }])
    await expect(openCamera('id of OBS Virtual Camera')).rejects.toMatchObject({ code: 'camera-virtual' })
    plugIn([virtual])
    await expect(openCamera()).rejects.toMatchObject({ code: 'camera-virtual' })
  })

  it('is known for a program by its usual names, and no webcam is', () => {
    for (const label of ['OBS Virtual Camera', '虚拟摄像头', 'ManyCam Virtual Webcam', 'XSplit VCam', 'DroidCam Source 3']) expect(isVirtualCamera(label), label).toBe(true)
    for (const label of ['HD Webcam (05c8:0223)', 'Logitech C270', 'Integrated Camera', 'USB2.0 HD UVC WebCam', 'fake_device_0', '']) expect(isVirtualCamera(label), label).toBe(false)
  })
})
