import { Body, Controller, Get, ParseUUIDPipe, Post, Query } from '@nestjs/common'
import { AnswersDto, ListGenomgangarDto } from './genomgang.dto.js'
import { GenomgangarService } from './genomgangar.service.js'

@Controller('hyresvard')
export class GenomgangarController {
  constructor(private readonly genomgangar: GenomgangarService) {}

  @Get('genomgangar')
  findDue(@Query() query: ListGenomgangarDto) {
    return this.genomgangar.findDue(query)
  }

  @Post('genomgangssvar')
  answer(@Query('vard', ParseUUIDPipe) vard: string, @Body() dto: AnswersDto) {
    return this.genomgangar.answer(vard, dto.svar)
  }
}
