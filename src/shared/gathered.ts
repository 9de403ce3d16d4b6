/**
 * Many callers, one question at a time: those who come while one is under way share the next, so everyone gets an answer
 * to a question that was asked after they came.
 */
export function gathered<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  let next: Promise<T> | undefined
  const start = () => {
    const asked = ask()
    running = asked
    const done = () => {
      if (running === asked) running = undefined
    }
    asked.then(done, done)
    return asked
  }
  return () => {
    if (!running) return start()
    const again = () => {
      next = undefined
      return start()
    }
    next ??= running.then(again, again)
    return next
  }
}
