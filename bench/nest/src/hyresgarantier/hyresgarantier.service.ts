import { Injectable, NotFoundException } from '@nestjs/common'
import { InjectRepository } from '@nestjs/typeorm'
import { Repository } from 'typeorm'
import { Hushall } from './hushall.entity.js'
import { CreateHyresgarantiDto, ListHyresgarantierDto, UpdateHyresgarantiDto } from './hyresgaranti.dto.js'
import { Hyresgaranti } from './hyresgaranti.entity.js'

@Injectable()
export class HyresgarantierService {
  constructor(
    @InjectRepository(Hyresgaranti) private readonly garantier: Repository<Hyresgaranti>,
    @InjectRepository(Hushall) private readonly hushall: Repository<Hushall>,
  ) {}

  async findAll({ tillstand, sort, page, limit }: ListHyresgarantierDto) {
    const [hyresgarantier, total] = await this.garantier.findAndCount({
      where: { tillstand },
      relations: { genomgangar: true },
      order: { [sort]: 'ASC', id: 'ASC' },
      skip: (page - 1) * limit,
      take: limit,
    })
    return { hyresgarantier, total }
  }

  async findOne(id: string) {
    const garanti = await this.garantier.findOne({ where: { id }, relations: { genomgangar: true } })
    if (!garanti) throw new NotFoundException()
    return garanti
  }

  async create(dto: CreateHyresgarantiDto) {
    const hushall = await this.hushall.findOne({ where: { id: dto.hushallId }, relations: { personer: true } })
    const sokande = hushall?.personer.find(({ roll }) => roll === 'sokande')
    if (!hushall || !sokande) throw new NotFoundException()
    const [{ nummer }] = await this.garantier.query("SELECT nextval('avtalsnummer_seq') AS nummer")
    return this.garantier.save(
      this.garantier.create({
        ...dto,
        avtalsnummer: `NEST-${nummer}`,
        tillstand: 'beviljad',
        ursprung: 'registrerad',
        skyddad: hushall.skyddad,
        personId: sokande.id,
        lagrum: '2 kap. 6 § lagen (2009:47)',
        overklagandetyp: 'laglighetsprovning',
        bidragStatus: 'attSoka',
        reserveratOre: 0,
        utbetaltOre: 0,
        beviljadGiltigTill: new Date().toISOString().slice(0, 10),
      }),
    )
  }

  async update(id: string, dto: UpdateHyresgarantiDto) {
    const garanti = await this.findOne(id)
    return this.garantier.save(this.garantier.merge(garanti, dto))
  }
}
