import { makeCanvas } from './portrait.ts'
import { frameSize, scenes, setUpStage, type ClipName, type Scene } from './scenes.ts'

/** A worker in Chromium: makes the clips it is told and sends each as one file of JPEGs in a row. */
export interface Commission {
  readonly clips: readonly ClipName[]
  /** Where the sample pictures are. */
  readonly samples: string
}

addEventListener('message', ({ data }: MessageEvent<Commission>) => {
  make(data).then(
    () => postMessage('done'),
    // Whoever waits for the worker hears it as its error.
    (error: unknown) => reportError(error),
  )
})

async function make({ clips, samples }: Commission): Promise<void> {
  const stage = await setUpStage(samples)
  for (const name of clips) {
    const reply = await fetch(`made/${name}`, { method: 'POST', body: await film(scenes[name](stage)) })
    if (!reply.ok) throw new Error(`${name}: ${reply.status}`)
  }
}

async function film(scene: Scene): Promise<Blob> {
  const frames: Blob[] = []
  for (let index = 0; index < scene.frames; index++) {
    const { canvas, context } = makeCanvas(frameSize.width, frameSize.height)
    context.putImageData(new ImageData(scene.frame(index).data, frameSize.width), 0, 0)
    frames.push(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.88 }))
  }
  return new Blob(frames)
}
