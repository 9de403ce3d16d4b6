import { type Static, Type } from 'typebox'
import { orNull } from '../shared/schema-parts.ts'
import { importkolumner } from './import-rows.ts'

const Antal = (description: string, example: number) => Type.Integer({ minimum: 0, description, example })

/** Something that is wrong with a row of the file. */
export const AvvisadRad = Type.Object(
  {
    rad: Type.Integer({ minimum: 2, description: 'Raden i filen där posten börjar; rubrikraden är 1.', example: 17 }),
    falt: orNull(
      Type.String({
        enum: [...importkolumner],
        description: 'Kolumnen, eller null när felet gäller hela raden.',
        example: 'giltig_till',
      }),
    ),
    kod: Type.String({ example: 'fel-datum' }),
    meddelande: Type.String({
      description: 'Vad som skulle godtas. Aldrig värdet.',
      example: 'giltig_till ska vara ett datum som finns, som 2020-03-01 eller 20200301.',
    }),
  },
  { additionalProperties: false },
)

/** What became of a file. */
export const Importresultat = Type.Object(
  {
    rader: Antal('Poster i filen, utan rubrik och tomma rader.', 40),
    importerade: Antal('Garantier som registrerades.', 39),
    oforandrade: Antal('Garantier som redan var registrerade med samma uppgifter.', 0),
    avvisade: Type.Array(AvvisadRad),
    dryRun: Type.Boolean({ description: 'Inget sparades: filen prövades bara.', example: false }),
  },
  {
    $id: 'Importresultat',
    additionalProperties: false,
    example: {
      rader: 40,
      importerade: 39,
      oforandrade: 0,
      avvisade: [
        {
          rad: 17,
          falt: 'giltig_till',
          kod: 'fel-datum',
          meddelande: 'giltig_till ska vara ett datum som finns, som 2020-03-01 eller 20200301.',
        },
      ],
      dryRun: false,
    },
  },
)
export type Importresultat = Static<typeof Importresultat>
