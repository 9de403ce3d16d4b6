import { readConfig } from '../../src/config.ts'
import { allowedAddresses } from '../../src/prenumerationer/addresses.ts'
import { createSender } from '../../src/prenumerationer/sending.ts'
import { newSecret } from '../../src/prenumerationer/signature.ts'
import { startReceiver } from './receiving.ts'

describe('an address', () => {
  const { whyNot } = allowedAddresses([])

  test.each([
    'http://integration.example.se/x',
    'ftp://integration.example.se/x',
    'file:///etc/passwd',
    'inte en adress',
    '//integration.example.se',
    'https://maja:hemligt@integration.example.se',
    'https://integration.example.se/#x',
    'https://localhost/x',
    'https://LOCALHOST./x',
    'https://a.localhost/x',
    'https://intranat/x',
    'https://databas.internal/x',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://skrivare.local/x',
    'https://127.0.0.1/x',
    'https://127.1/x',
    'https://2130706433/x',
    'https://0x7f.0.0.1/x',
    'https://0177.0.0.1/x',
    'https://127.0.0.1./x',
    'https://①②⑦.0.0.1/x',
    'https://0.0.0.0/x',
    'https://10.1.2.3/x',
    'https://100.64.0.1/x',
    'https://169.254.169.254/latest/meta-data/',
    'https://172.16.0.1/x',
    'https://172.31.255.255/x',
    'https://192.168.1.1/x',
    'https://192.0.0.170/x',
    'https://198.18.0.1/x',
    'https://203.0.113.7/x',
    'https://224.0.0.1/x',
    'https://255.255.255.255/x',
    'https://[::]/x',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://[::ffff:8.8.8.8]/x',
    'https://[::127.0.0.1]/x',
    'https://[64:ff9b::a00:1]/x',
    'https://[fe80::1]/x',
    'https://[fc00::1]/x',
    'https://[fd00:ec2::254]/x',
    'https://[ff02::1]/x',
    'https://[2001:db8::1]/x',
    'https://[2001::1]/x',
    'https://[2002:7f00:1::]/x',
  ])('%s is refused', url => {
    const refusal = whyNot(url)
    expect(refusal).toMatchObject({ problem: { status: 422 }, extra: { errors: [{ pointer: '/url' }] } })
    expect(refusal?.message).not.toContain(url)
  })

  test.each([
    'https://integration.example.se',
    'https://lkf.se:8443/a?b=c',
    'https://8.8.8.8/x',
    'https://[2a00:1450::1]/x',
  ])('%s is accepted', url => {
    expect(whyNot(url)).toBeNull()
  })

  test('that is listed may be internal and http, and no other', () => {
    const { whyNot } = allowedAddresses(['10.20.0.0/16', 'mottagare.internal', '::1'])
    for (const url of ['http://10.20.1.2:4000/x', 'http://mottagare.internal/x', 'http://[::1]/x', 'https://10.20.0.1'])
      expect(whyNot(url)).toBeNull()
    for (const url of ['http://10.21.1.2/x', 'https://10.21.1.2/x', 'http://annan.internal/x', 'http://127.0.0.1/x'])
      expect(whyNot(url)).not.toBeNull()
  })
})

describe('at the connection', () => {
  const message = { id: 'x', body: '{"id":"x"}', secrets: [newSecret()], now: '2026-09-01T08:30:00.000Z' }
  const resolved = (listed: string[], name: string) =>
    new Promise(resolve =>
      allowedAddresses(listed).lookup(name, { all: true }, (error, found) => resolve(error ? error.name : found)),
    )

  test('a name that leads to this machine is refused, unless it is listed', async () => {
    expect(await resolved([], 'localhost')).toBe('RefusedAddress')
    expect(await resolved(['localhost'], 'localhost')).toContainEqual(expect.objectContaining({ address: '127.0.0.1' }))
    expect(await resolved(['127.0.0.0/8'], 'localhost')).toEqual([{ address: '127.0.0.1', family: 4 }])
    const sender = createSender(readConfig({}))
    const attempt = await sender.send({ ...message, url: 'https://localhost:1/x' })
    expect(attempt).toMatchObject({ status: null, fel: 'otillatenAdress' })
    sender.close()
  })

  test('an address that was written when it was allowed is refused', async () => {
    const receiver = await startReceiver()
    const sender = createSender(readConfig({}))
    expect(await sender.send({ ...message, url: receiver.url })).toMatchObject({ fel: 'otillatenAdress' })
    expect(receiver.got).toEqual([])
    sender.close()
  })

  test('answers are not read for ever, nor waited for', async () => {
    const receiver = await startReceiver()
    const sender = createSender(readConfig({ WEBHOOK_TILLATNA_NAT: '127.0.0.1', WEBHOOK_TIDSGRANS_SEKUNDER: '1' }))
    receiver.answer = response => {
      response.writeHead(200)
      const more = setInterval(() => response.write(Buffer.alloc(30_000)), 1)
      response.on('close', () => clearInterval(more))
    }
    expect(await sender.send({ ...message, url: receiver.url })).toMatchObject({ status: 200, fel: null })
    receiver.answer = () => {}
    const slow = await sender.send({ ...message, url: receiver.url })
    expect(slow).toMatchObject({ status: null, fel: 'tidsgrans' })
    expect(slow.ms).toBeLessThan(2000)
    sender.close()
  })
})
