import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { incoherent, type Refusal } from '../shared/refusals.ts'

/** IPv4 that is not the public internet (IANA's special-purpose registry, RFC 6890), multicast and what is reserved. */
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** Of global unicast: IETF's own, Teredo, documentation, and 6to4, which leads to IPv4. All else outside 2000::/3 is refused. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of networks) {
    const [network = '', prefix] = text.split('/')
    list.addSubnet(network, Number(prefix ?? (isIP(network) === 6 ? 128 : 32)), familyOf(network))
  }
  return list
}
const refused = listOf([...special4, ...special6])
const global6 = listOf(['2000::/3'])

const isPublic = (address: string): boolean =>
  !refused.check(address, familyOf(address)) && (isIP(address) === 4 || global6.check(address, 'ipv6'))

/** Names that only mean something inside a network. */
const insideOnly = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa)$/i

/** Thrown where a connection would be made to an address that is not allowed. */
export class RefusedAddress extends Error {
  override name = 'RefusedAddress'
}

export type Addresses = ReturnType<typeof allowedAddresses>

/**
 * Where webhooks may be sent: to the public internet over https, and to what the setting lists, also over http. Looked
 * at when a subscription is written, and again at the address that is really connected to: a name in DNS can change its
 * mind between the two.
 *
 * @param listed host names, addresses and networks that are allowed although they are internal
 */
export function allowedAddresses(listed: readonly string[]) {
  const isAddress = (text: string) => isIP(text.split('/')[0] as string) !== 0
  const networks = listOf(listed.filter(isAddress))
  const names = new Set(listed.filter(text => !isAddress(text)).map(text => text.toLowerCase()))
  const isListed = (address: string) => networks.check(address, familyOf(address))
  const isAllowed = (address: string) => isListed(address) || isPublic(address)
  const hostOf = ({ hostname }: URL) =>
    hostname
      .replace(/^\[|\]$/g, '')
      .replace(/\.$/, '')
      .toLowerCase()

  return {
    /** Null, or why a subscription cannot have this address. The address itself is not repeated. */
    whyNot(text: string): Refusal | null {
      const wrong = (kod: string, detail: string) => incoherent([{ pointer: '/url', kod, detail: `url ${detail}` }])
      if (!URL.canParse(text)) return wrong('ogiltig-url', 'ska vara en fullständig adress, till exempel https://…')
      const url = new URL(text)
      const host = hostOf(url)
      const internal = names.has(host) || (isIP(host) !== 0 && isListed(host))
      if (url.protocol !== 'https:' && !(internal && url.protocol === 'http:'))
        return wrong('inte-https', 'ska börja med https://.')
      if (url.username || url.password || url.hash)
        return wrong('ogiltig-url', 'kan inte ha användare, lösenord eller fragment.')
      if (internal) return null
      if (isIP(host) !== 0 ? !isPublic(host) : insideOnly.test(host) || !host.includes('.'))
        return wrong(
          'otillaten-adress',
          'leder till ett internt nät. Använd en publik adress, eller be driften att tillåta den.',
        )
      return null
    },

    /** @throws RefusedAddress when the address names an address, and not one that is allowed: no look-up is made then */
    checkLiteral(url: URL): void {
      const host = hostOf(url)
      if (isIP(host) !== 0 && !isAllowed(host)) throw new RefusedAddress()
    },

    /** As `dns.lookup`, for `net.connect`: gives only addresses that are allowed. A listed name may lead anywhere. */
    lookup: ((hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, '', 0)
        const allowed = names.has(hostname.toLowerCase()) ? found : found.filter(({ address }) => isAllowed(address))
        const [first] = allowed
        if (!first) return callback(new RefusedAddress(), '', 0)
        if (options.all) callback(null, allowed)
        else callback(null, first.address, first.family)
      })
    }) as LookupFunction,
  }
}
