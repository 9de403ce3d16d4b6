import { PartialType, PickType } from '@nestjs/mapped-types'
import {
  IsBoolean,
  IsDateString,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
} from 'class-validator'
import { PageDto } from './page.dto.js'

export class CreateHyresgarantiDto {
  @IsUUID()
  hushallId: string

  @IsOptional()
  @IsUUID()
  hyresvardId?: string

  @IsIn(['bistand', 'kommunal'])
  garantityp: string

  @IsInt()
  @Min(1)
  @Max(12)
  garanteradeManader: number

  @IsDateString()
  beslutDatum: string

  @IsString()
  @MaxLength(200)
  beslutsfattare: string

  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(10_000_000)
  manadshyraOre?: number

  @IsOptional()
  @IsString()
  @MaxLength(50)
  diarienummer?: string

  @IsOptional()
  @IsString()
  @MaxLength(200)
  adress?: string

  @IsOptional()
  @IsBoolean()
  utanForsorjningsstod?: boolean
}

export class UpdateHyresgarantiDto extends PartialType(
  PickType(CreateHyresgarantiDto, ['manadshyraOre', 'diarienummer', 'adress', 'utanForsorjningsstod'] as const),
) {}

export class ListHyresgarantierDto extends PageDto {
  @IsOptional()
  @IsString()
  tillstand?: string

  @IsOptional()
  @IsIn(['avtalsnummer', 'giltigTill', 'skapad'])
  sort: 'avtalsnummer' | 'giltigTill' | 'skapad' = 'avtalsnummer'
}
