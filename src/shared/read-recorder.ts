/** One answer with personal data: who, by which route, about which households. Bodies and personnummer never. */
export type Lasning = {
  sub: string
  part: string
  partId: string | null
  klient: string
  metod: string
  /** The route's pattern, never the address. */
  vag: string
  hushallIds: string[]
  /** Trace id of the request. */
  spar: string
}

export type Recorder = { record(lasning: Lasning): Promise<void> }

/** More than this in a batch and ids of its rows would run into the next batch's. */
const mostInBatch = 5000

/**
 * Collects readings and writes them a batch at a time: while one batch is being written the next is filled, so a busy
 * service writes some hundred batches a second however many answers it gives. `record` is done when the reading is
 * safely written, and fails when it could not be: then the answer must not leave.
 */
export function createRecorder(write: (lasningar: Lasning[]) => Promise<void>): Recorder {
  type Waiting = { lasning: Lasning; done: () => void; failed: (error: unknown) => void }
  let waiting: Waiting[] = []
  let writing = false

  async function drain(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostInBatch)
      waiting = waiting.slice(mostInBatch)
      try {
        await write(batch.map(({ lasning }) => lasning))
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    writing = false
  }

  return {
    record: lasning =>
      new Promise((done, failed) => {
        waiting.push({ lasning, done, failed })
        // The answers of this turn of the event loop share a batch.
        if (!writing) {
          writing = true
          setImmediate(drain)
        }
      }),
  }
}
