import { partPattern, readConfig } from '../config.ts'
import { developmentToken } from '../http/development-issuer.ts'
import { type Roll, roller } from '../shared/caller.ts'
import { systemClock } from '../shared/clock.ts'
import { command, UsageError } from './running.ts'

const help = `npm run --silent token -- --roll handlaggare [--roll ...] [--part hyresvard:<id>] [--sub NAME] [--minuter 60]

Prints one access token of the development issuer, and nothing else.
Roles: ${Object.keys(roller).join(', ')}
Parties: socialforvaltningen (default), hyresvard:<id>, serviceforvaltningen, kriscentrum:<id>, frivillig:<id>`

await command(
  help,
  {
    roll: { type: 'string', multiple: true },
    part: { type: 'string', default: 'socialforvaltningen' },
    sub: { type: 'string' },
    minuter: { type: 'string', default: '60' },
  },
  async ({ roll = [], part, sub, minuter }) => {
    const unknown = roll.filter(name => !Object.hasOwn(roller, name))
    if (unknown.length > 0) throw new UsageError(`There is no role ${unknown.join(', ')}.`)
    if (!/^\d{1,5}$/.test(minuter) || Number(minuter) < 1) throw new UsageError('--minuter takes minutes, 1-99999.')
    if (!partPattern.test(part)) throw new UsageError('--part is not a party; a landlord is hyresvard:<its id>.')
    const config = readConfig(process.env)
    const token = await developmentToken(config, systemClock, {
      sub: sub ?? (part === 'socialforvaltningen' ? `test.${roll[0] ?? 'ingen-roll'}` : `test.${part.split(':')[0]}`),
      roller: roll as Roll[],
      part,
      minuter: Number(minuter),
    })
    process.stdout.write(`${token}\n`)
    return 0
  },
)
