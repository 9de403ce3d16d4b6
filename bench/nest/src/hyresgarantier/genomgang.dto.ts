import { Type } from 'class-transformer'
import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsUUID, Max, Min, ValidateNested } from 'class-validator'
import { PageDto } from './page.dto.js'

export class ListGenomgangarDto extends PageDto {
  @IsUUID()
  vard: string
}

export class AnswerDto {
  @IsUUID()
  genomgangId: string

  @IsInt()
  @Min(0)
  @Max(120)
  manaderITid: number

  @IsInt()
  @Min(0)
  @Max(1000)
  forsenadeBetalningar: number

  @IsInt()
  @Min(0)
  @Max(1000)
  storningar: number

  @IsInt()
  @Min(0)
  hyresskuldOre: number

  @IsBoolean()
  rekommenderarAvslut: boolean
}

export class AnswersDto {
  @IsArray()
  @ArrayMaxSize(5000)
  @ValidateNested({ each: true })
  @Type(() => AnswerDto)
  svar: AnswerDto[]
}
