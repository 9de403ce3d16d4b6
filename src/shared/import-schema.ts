import { Type } from 'typebox'
import { orNull } from './schema-parts.ts'

const Antal = (description: string, example: number) => Type.Integer({ minimum: 0, description, example })

/** How a spreadsheet is imported. */
export const Importval = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ default: false })),
    delvis: Type.Optional(Type.Boolean({ default: false })),
  },
  { additionalProperties: false },
)

/** How every import over HTTP behaves, for its description. */
export const importbeskrivning =
  'CSV som svensk Excel sparar det. En felaktig rad: ingenting importeras och svaret (422) räknar upp varje felaktig rad i `avvisade`. ' +
  'Med `delvis=true` importeras de rätta raderna. Samma fil igen ändrar ingenting. Med `dryRun=true` prövas filen utan att något sparas.'

/**
 * What became of a file.
 *
 * @param component its name
 * @param kolumner the columns of the file
 * @param poster what its records are, in the plural: "Garantier"
 */
export const importresultatOf = (component: string, kolumner: readonly string[], poster: string) =>
  Type.Object(
    {
      rader: Antal('Poster i filen, utan rubrik och tomma rader.', 40),
      importerade: Antal(`${poster} som registrerades.`, 39),
      oforandrade: Antal(`${poster} som redan var registrerade med samma uppgifter.`, 0),
      avvisade: Type.Array(
        Type.Object(
          {
            rad: Type.Integer({
              minimum: 2,
              description: 'Raden i filen där posten börjar; rubrikraden är 1.',
              example: 17,
            }),
            falt: orNull(
              Type.String({
                enum: [...kolumner],
                description: 'Kolumnen, eller null när felet gäller hela raden.',
                example: kolumner[0],
              }),
            ),
            kod: Type.String({ example: 'saknas' }),
            meddelande: Type.String({
              description: 'Vad som skulle godtas. Aldrig värdet.',
              example: `${kolumner[0]} saknas.`,
            }),
          },
          { additionalProperties: false },
        ),
      ),
      dryRun: Type.Boolean({ description: 'Inget sparades: filen prövades bara.', example: false }),
    },
    {
      $id: component,
      additionalProperties: false,
      example: {
        rader: 40,
        importerade: 39,
        oforandrade: 0,
        avvisade: [
          {
            rad: 17,
            falt: kolumner[0],
            kod: 'saknas',
            meddelande: `${kolumner[0]} saknas.`,
          },
        ],
        dryRun: false,
      },
    },
  )
