import { Injectable } from '@nestjs/common'
import { InjectRepository } from '@nestjs/typeorm'
import { In, Not, Repository } from 'typeorm'
import { AnswerDto, ListGenomgangarDto } from './genomgang.dto.js'
import { Genomgang } from './genomgang.entity.js'

@Injectable()
export class GenomgangarService {
  constructor(@InjectRepository(Genomgang) private readonly genomgangar: Repository<Genomgang>) {}

  async findDue({ vard, page, limit }: ListGenomgangarDto) {
    const [rows, total] = await this.genomgangar.findAndCount({
      where: { hyresvardId: vard, tillstand: Not('klar') },
      relations: { hyresgaranti: true, omgang: true },
      order: { period: 'DESC', id: 'ASC' },
      skip: (page - 1) * limit,
      take: limit,
    })
    const genomgangar = rows.map(({ hyresgaranti, omgang, ...genomgang }) => ({
      genomgangId: genomgang.id,
      avtalsnummer: hyresgaranti.avtalsnummer,
      period: genomgang.period,
      tillstand: genomgang.tillstand,
      stanger: omgang.stanger,
      paminnd: genomgang.paminnd,
      adress: hyresgaranti.adress,
      lagenhetsnummer: hyresgaranti.lagenhetsnummer,
      manadshyraOre: hyresgaranti.manadshyraOre,
    }))
    return { genomgangar, total }
  }

  async answer(vard: string, svar: AnswerDto[]) {
    const ids = svar.map(({ genomgangId }) => genomgangId)
    const found = await this.genomgangar.find({ where: { id: In(ids), hyresvardId: vard } })
    const byId = new Map(found.map(genomgang => [genomgang.id, genomgang]))
    const changed = svar.flatMap(({ genomgangId, ...answer }) => {
      const genomgang = byId.get(genomgangId)
      if (!genomgang) return []
      const now = { tillstand: 'besvarad', besvarad: new Date(), besvaradAv: 'nest' }
      return this.genomgangar.merge(genomgang, answer, now)
    })
    await this.genomgangar.save(changed)
    return { resultat: svar.map(({ genomgangId }) => (byId.has(genomgangId) ? 'mottaget' : 'avvisat')) }
  }
}
