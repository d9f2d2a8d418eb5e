import { AppError } from '../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../shared/errors/codes.ts'

export interface CameraInfo {
  readonly deviceId: string
  /** As the system calls it; '' before any camera may be used. */
  readonly label: string
  /** A program that plays a film as if it were a camera. */
  readonly virtual: boolean
}

export interface Camera {
  readonly deviceId: string
  readonly label: string
  /** For a video element's `srcObject`. */
  readonly stream: MediaStream
  /** Told once when the camera goes: pulled out, or taken by the system. */
  onFault(tell: (fault: AppError) => void): void
  close(): void
}

/**
 * What the usual programs call themselves. By its name alone: whoever renames theirs is not found out, and the challenge is what stands
 * against a film.
 */
const virtualNames = /virtual|虚拟|\bobs\b|manycam|xsplit|splitcam|snap camera|droidcam|iriun|ivcam|epoccam|e2esoft|\bvcam\b|\bndi\b|webcamoid|youcam|sparkocam|loopback/i
export const isVirtualCamera = (label: string): boolean => virtualNames.test(label)

/** Cameras as they are plugged in now. Their names are told only after one has been opened. */
export async function listCameras(): Promise<CameraInfo[]> {
  const devices = await mediaDevices().enumerateDevices()
  return devices.filter(({ kind }) => kind === 'videoinput').map(({ deviceId, label }) => ({ deviceId, label, virtual: isVirtualCamera(label) }))
}

/** Tells when a camera is plugged in or out. @returns how to stop */
export function watchCameras(tell: () => void): () => void {
  const devices = mediaDevices()
  devices.addEventListener('devicechange', tell)
  return () => devices.removeEventListener('devicechange', tell)
}

/**
 * Opens a camera at 640x480, or what comes near it. Without an id the first that is none of the virtual ones.
 * @throws AppError camera-missing, camera-busy, camera-refused, camera-virtual, camera-failed
 */
export async function openCamera(deviceId?: string): Promise<Camera> {
  const stream = await openStream(deviceId)
  const [track] = stream.getVideoTracks()
  if (!track) throw new AppError('camera-failed')
  if (isVirtualCamera(track.label)) {
    track.stop()
    const other = deviceId === undefined ? (await listCameras()).find(({ virtual }) => !virtual) : undefined
    if (!other) throw new AppError('camera-virtual')
    return openCamera(other.deviceId)
  }
  return asCamera(stream, track)
}

function asCamera(stream: MediaStream, track: MediaStreamTrack): Camera {
  let closed = false
  const listeners: ((fault: AppError) => void)[] = []
  let fault: AppError | null = null
  track.addEventListener('ended', () => {
    if (closed) return
    fault = new AppError('camera-lost')
    for (const tell of listeners) tell(fault)
  })
  return {
    deviceId: track.getSettings().deviceId ?? '',
    label: track.label,
    stream,
    onFault(tell) {
      if (fault) tell(fault)
      else listeners.push(tell)
    },
    close() {
      closed = true
      for (const each of stream.getTracks()) each.stop()
    },
  }
}

async function openStream(deviceId: string | undefined): Promise<MediaStream> {
  const video = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 }, ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }) }
  try {
    return await mediaDevices().getUserMedia({ video, audio: false })
  } catch (error) {
    throw new AppError(error instanceof DOMException ? (faults[error.name] ?? 'camera-failed') : 'camera-failed', {}, { cause: error })
  }
}

/** By the names of W3C Media Capture, 10.2. */
const faults: Readonly<Record<string, ErrorCode>> = {
  NotFoundError: 'camera-missing', OverconstrainedError: 'camera-missing', NotReadableError: 'camera-busy', AbortError: 'camera-busy', NotAllowedError: 'camera-refused', SecurityError: 'camera-refused',
}

function mediaDevices(): MediaDevices {
  // Absent where the page is no secure context.
  if (!('mediaDevices' in navigator)) throw new AppError('camera-failed')
  return navigator.mediaDevices
}
