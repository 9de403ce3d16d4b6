import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'
import { Genomgang, Genomgangsomgang } from './genomgang.entity.js'
import { GenomgangarController } from './genomgangar.controller.js'
import { GenomgangarService } from './genomgangar.service.js'
import { Hushall, Person } from './hushall.entity.js'
import { Hyresgaranti } from './hyresgaranti.entity.js'
import { HyresgarantierController } from './hyresgarantier.controller.js'
import { HyresgarantierService } from './hyresgarantier.service.js'

@Module({
  imports: [TypeOrmModule.forFeature([Hyresgaranti, Genomgang, Genomgangsomgang, Hushall, Person])],
  controllers: [HyresgarantierController, GenomgangarController],
  providers: [HyresgarantierService, GenomgangarService],
})
export class HyresgarantierModule {}
