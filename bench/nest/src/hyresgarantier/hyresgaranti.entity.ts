import {
  Column,
  CreateDateColumn,
  Entity,
  OneToMany,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
  VersionColumn,
} from 'typeorm'
import { Genomgang } from './genomgang.entity.js'

@Entity('hyresgaranti')
export class Hyresgaranti {
  @PrimaryGeneratedColumn('uuid')
  id: string

  @VersionColumn()
  version: number

  @Column({ type: 'text' })
  avtalsnummer: string

  @Column({ type: 'text', nullable: true })
  diarienummer: string | null

  @Column({ type: 'text' })
  tillstand: string

  @Column({ type: 'text' })
  ursprung: string

  @Column({ type: 'uuid', name: 'arende_id', nullable: true })
  arendeId: string | null

  @Column({ type: 'uuid', name: 'hushall_id' })
  hushallId: string

  @Column({ type: 'boolean' })
  skyddad: boolean

  @Column({ type: 'uuid', name: 'person_id' })
  personId: string

  @Column({ type: 'uuid', name: 'medsokande_id', nullable: true })
  medsokandeId: string | null

  @Column({ type: 'uuid', name: 'hyresvard_id', nullable: true })
  hyresvardId: string | null

  @Column({ type: 'text' })
  garantityp: string

  @Column({ type: 'text' })
  lagrum: string

  @Column({ type: 'text' })
  overklagandetyp: string

  @Column({ type: 'text', nullable: true })
  borgenstyp: string | null

  @Column({ type: 'text', nullable: true })
  adress: string | null

  @Column({ type: 'text', nullable: true })
  lagenhetsnummer: string | null

  @Column({ type: 'text', nullable: true })
  lagenhetstyp: string | null

  @Column({ type: 'text', nullable: true })
  kontraktsform: string | null

  @Column({ type: 'int', name: 'manadshyra_ore', nullable: true })
  manadshyraOre: number | null

  @Column({ type: 'int', name: 'garanterade_manader' })
  garanteradeManader: number

  @Column({ type: 'date', name: 'giltig_fran', nullable: true })
  giltigFran: string | null

  @Column({ type: 'date', name: 'giltig_till', nullable: true })
  giltigTill: string | null

  @Column({ type: 'int', name: 'max_belopp_ore', nullable: true })
  maxBeloppOre: number | null

  @Column({ type: 'int', name: 'reserverat_ore' })
  reserveratOre: number

  @Column({ type: 'int', name: 'utbetalt_ore' })
  utbetaltOre: number

  @Column({ type: 'text', name: 'skal_kod', nullable: true })
  skalKod: string | null

  @Column({ type: 'text', name: 'tidigare_boende_kod', nullable: true })
  tidigareBoendeKod: string | null

  @Column({ type: 'text', name: 'ekonomisk_bedomning_kod', nullable: true })
  ekonomiskBedomningKod: string | null

  @Column({ type: 'boolean', name: 'utan_forsorjningsstod', nullable: true })
  utanForsorjningsstod: boolean | null

  @Column({ type: 'date', name: 'ansokan_datum', nullable: true })
  ansokanDatum: string | null

  @Column({ type: 'date', name: 'beslut_datum' })
  beslutDatum: string

  @Column({ type: 'text' })
  beslutsfattare: string

  @Column({ type: 'text', nullable: true })
  delegationspunkt: string | null

  @Column({ type: 'date', name: 'beviljad_giltig_till' })
  beviljadGiltigTill: string

  @Column({ type: 'date', name: 'avtal_tecknat_datum', nullable: true })
  avtalTecknatDatum: string | null

  @Column({ type: 'uuid', name: 'kriterieuppsattning_id', nullable: true })
  kriterieuppsattningId: string | null

  @Column({ type: 'text', name: 'bidrag_status' })
  bidragStatus: string

  @Column({ type: 'date', name: 'bidrag_sokt', nullable: true })
  bidragSokt: string | null

  @Column({ type: 'int', name: 'bidrag_beviljat_ore', nullable: true })
  bidragBeviljatOre: number | null

  @Column({ type: 'date', name: 'avslut_foreslaget_datum', nullable: true })
  avslutForeslagetDatum: string | null

  @Column({ type: 'text', name: 'vardens_svar', nullable: true })
  vardensSvar: string | null

  @Column({ type: 'date', name: 'vardens_svar_datum', nullable: true })
  vardensSvarDatum: string | null

  @Column({ type: 'text', name: 'vardens_svar_orsak', nullable: true })
  vardensSvarOrsak: string | null

  @Column({ type: 'date', name: 'uppsagd_datum', nullable: true })
  uppsagdDatum: string | null

  @Column({ type: 'date', name: 'uppsagd_till', nullable: true })
  uppsagdTill: string | null

  @Column({ type: 'text', nullable: true })
  avslutsorsak: string | null

  @Column({ type: 'text', nullable: true })
  avslutsmotivering: string | null

  @Column({ type: 'date', name: 'avslutad_datum', nullable: true })
  avslutadDatum: string | null

  @Column({ type: 'int', name: 'varnad_dagar', nullable: true })
  varnadDagar: number | null

  @Column({ type: 'date', name: 'varnad_datum', nullable: true })
  varnadDatum: string | null

  @CreateDateColumn({ type: 'timestamptz' })
  skapad: Date

  @UpdateDateColumn({ type: 'timestamptz' })
  andrad: Date

  @OneToMany(
    () => Genomgang,
    genomgang => genomgang.hyresgaranti,
  )
  genomgangar: Genomgang[]
}
