import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../database.ts'
import { courier } from './dispatch.ts'

type Figures = { vantar: number; aldst: number; doda: number; misslyckas: number }

/**
 * How webhooks go, for all parties together: who subscribes to what is nobody's at the platform. Read from the database
 * when asked for, so every instance says the same.
 */
export function webhookMetrics(registry: Registry, db: Database): void {
  let figures: Promise<Figures> | undefined
  /** One reading for all the gauges of one answer. */
  const read = () => {
    figures ??= db
      .reading(courier)
      .db.query(
        `SELECT (SELECT count(*) FROM leverans WHERE lage = 'vantar') AS vantar,
           (SELECT coalesce(extract(epoch FROM max(now() - v.tid)), 0)::float8 FROM leverans v WHERE v.lage = 'vantar') AS aldst,
           (SELECT count(*) FROM leverans WHERE lage = 'dod') AS doda,
           count(*) FILTER (WHERE p.avslutad IS NULL AND l.misslyckas_sedan IS NOT NULL) AS misslyckas
         FROM leveranslage l JOIN prenumeration p ON p.id = l.prenumeration_id`,
      )
      .then(([row]: [Figures]) => row)
      .finally(() => {
        figures = undefined
      })
    return figures as Promise<Figures>
  }
  const gauge = (name: string, help: string, value: (figures: Figures) => number) =>
    new Gauge({
      name: `hemvist_webhook_${name}`,
      help,
      registers: [registry],
      async collect() {
        this.set(value(await read()))
      },
    })
  gauge('waiting', 'Deliveries that are not done', ({ vantar }) => vantar)
  gauge('oldest_waiting_seconds', 'Age of the oldest event that waits', ({ aldst }) => aldst)
  gauge('dead', 'Deliveries that were given up', ({ doda }) => doda)
  gauge('failing_subscriptions', 'Subscriptions whose last attempt failed', ({ misslyckas }) => misslyckas)
}
