import { randomUUID } from 'node:crypto'
import type { BfBoendeRad } from '../../src/bostad-forst/schema.ts'
import { admit, type Villkor } from '../../src/bostad-forst/service.ts'
import { ok } from '../cases.ts'
import { caller } from '../forturer/granted.ts'
import type { Client, Harness } from '../harness.ts'
import { createHousehold } from '../people.ts'

let next = 0

/** A case and its decision, written as the owner. */
export async function decidedCase(
  { owner }: Harness,
  hushall: { id: string; personer: { id: string }[] },
  datum: string,
) {
  const [arendeId, beslutId] = [randomUUID(), randomUUID()]
  const arendenummer = `AR-2020-${String(++next).padStart(5, '0')}`
  const personId = hushall.personer[0]?.id as string
  await owner.query(
    `INSERT INTO arende (id, version, arendenummer, insats, tillstand, hushall_id, skyddad, person_id, ansokan_datum, kanal, skapad, andrad)
     SELECT $1, 1, $2, 'bostadForst', 'inkommen', id, skyddad, $4, $5, 'papper', now(), now() FROM hushall WHERE id = $3`,
    [arendeId, arendenummer, hushall.id, personId, datum],
  )
  await owner.query(
    `INSERT INTO beslut (id, version, arende_id, hushall_id, skyddad, insats, utfall, datum, giltig_fran, lagrum,
       delegation_id, delegationspunkt, beslutsfattare, motivering, overklagandetyp, ansokan_datum, antal_barn, grunder, skapad, andrad)
     SELECT $1, 1, $2, h.id, h.skyddad, 'bostadForst', 'bifall', $4, $4, '11 kap. 1 § SoL (2025:400)',
       d.id, d.delegationspunkt, 'karin.beslut', 'Beviljas.', 'forvaltningsbesvar', $4, 0, '{}', now(), now()
     FROM hushall h, (SELECT * FROM delegation WHERE insats = 'bostadForst' LIMIT 1) d WHERE h.id = $3`,
    [beslutId, arendeId, hushall.id, datum],
  )
  const [{ skyddad }] = (await owner.query('SELECT skyddad FROM hushall WHERE id = $1', [hushall.id])).rows
  return {
    arende: { id: arendeId, arendenummer, hushallId: hushall.id, skyddad, personId },
    beslut: { id: beslutId, datum },
  }
}

/** Someone who is admitted, in a household of their own. */
export async function admitted(
  harness: Harness,
  client: Client,
  {
    datum = harness.clock.day,
    villkor = {} as Villkor,
    hushall = null as null | { id: string; personer: { id: string }[] },
  } = {},
): Promise<BfBoendeRad> {
  const decided = await decidedCase(harness, hushall ?? (await createHousehold(client)), datum)
  return harness.db.transaction(caller(['beslutsfattare']), { atgard: 'besluta' }, work =>
    admit(work, { ...decided, villkor }),
  )
}

/** A vacant home in the pool, written as the owner. */
export async function home(
  { owner }: Harness,
  { omrade = 'norraFaladen', kategori = 'bostadForst' } = {},
): Promise<string> {
  const id = randomUUID()
  await owner.query(
    `INSERT INTO lagenhet (id, version, objektnummer, agare, kategori, tillstand, tillstand_sedan, skyddad, omrade, rum, hyra_ore,
       tillganglighet, blockhyrd, i_poolen_fran, skapad, andrad)
     VALUES ($1, 1, $2, 'lkf', $3, 'ledig', '2020-01-01', false, $4, 1, 720000, '{}', false, '2020-01-01', now(), now())`,
    [id, `BF-${++next}`, kategori, omrade],
  )
  return id
}

/** Gives a command with whatever version it is. */
export const command = (client: Client, id: string, path: string, body: object = {}) =>
  client.post(`/bostad-forst/${id}/${path}`, body, { ifMatch: '*' })

export const sublet = (inflyttad: string) => ({
  kontraktsform: 'andrahand',
  hyraOre: 720000,
  inflyttad,
  skalAndrahand: 'betalningsanmarkning',
  overgangTidigast: Temporal.PlainDate.from(inflyttad).add({ months: 12 }).toString(),
})

/** Someone who has moved in today, in a sublet unless another contract is given. */
export async function movedIn(harness: Harness, client: Client, contract: object | null = null) {
  const { id } = await admitted(harness, client)
  ok(await command(client, id, 'onskemal', {}))
  ok(await command(client, id, 'erbjudande', { lagenhetId: await home(harness) }))
  return ok(await command(client, id, 'inflyttning', contract ?? sublet(harness.clock.day)))
}
