import { Body, Controller, Get, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common'
import { CreateHyresgarantiDto, ListHyresgarantierDto, UpdateHyresgarantiDto } from './hyresgaranti.dto.js'
import { HyresgarantierService } from './hyresgarantier.service.js'

@Controller('hyresgarantier')
export class HyresgarantierController {
  constructor(private readonly hyresgarantier: HyresgarantierService) {}

  @Get()
  findAll(@Query() query: ListHyresgarantierDto) {
    return this.hyresgarantier.findAll(query)
  }

  @Get(':id')
  findOne(@Param('id', ParseUUIDPipe) id: string) {
    return this.hyresgarantier.findOne(id)
  }

  @Post()
  create(@Body() dto: CreateHyresgarantiDto) {
    return this.hyresgarantier.create(dto)
  }

  @Patch(':id')
  update(@Param('id', ParseUUIDPipe) id: string, @Body() dto: UpdateHyresgarantiDto) {
    return this.hyresgarantier.update(id, dto)
  }
}
