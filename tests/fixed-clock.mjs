// Preloaded into a service under test (node --import): the day stands still, so that a text with dates in it keeps true.
// Processes that are given the same TEST_SINCE have one clock between them, whenever they are started.
if (globalThis.Temporal && process.env.TEST_DAY) {
  const start = process.env.TEST_SINCE ? Temporal.Instant.from(process.env.TEST_SINCE) : Temporal.Now.instant()
  const noon = Temporal.ZonedDateTime.from(`${process.env.TEST_DAY}T12:00[Europe/Stockholm]`).toInstant()
  const real = Temporal.Now.instant.bind(Temporal.Now)
  Temporal.Now.instant = () => noon.add(real().since(start))
}
