import {
  Column,
  CreateDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
  UpdateDateColumn,
  VersionColumn,
} from 'typeorm'
import { Hyresgaranti } from './hyresgaranti.entity.js'

@Entity('genomgangsomgang')
export class Genomgangsomgang {
  @PrimaryColumn({ type: 'text' })
  period: string

  @Column({ type: 'date' })
  stanger: string
}

@Entity('genomgang')
export class Genomgang {
  @PrimaryGeneratedColumn('uuid')
  id: string

  @VersionColumn()
  version: number

  @Column({ type: 'text' })
  period: string

  @Column({ type: 'uuid', name: 'hyresgaranti_id' })
  hyresgarantiId: string

  @Column({ type: 'uuid', name: 'hushall_id' })
  hushallId: string

  @Column({ type: 'uuid', name: 'hyresvard_id' })
  hyresvardId: string

  @Column({ type: 'boolean' })
  skyddad: boolean

  @Column({ type: 'text' })
  tillstand: string

  @Column({ type: 'date', name: 'tillstand_sedan' })
  tillstandSedan: string

  @Column({ type: 'int', name: 'manader_i_tid', nullable: true })
  manaderITid: number | null

  @Column({ type: 'int', name: 'forsenade_betalningar', nullable: true })
  forsenadeBetalningar: number | null

  @Column({ type: 'int', nullable: true })
  storningar: number | null

  @Column({ type: 'int', name: 'hyresskuld_ore', nullable: true })
  hyresskuldOre: number | null

  @Column({ type: 'boolean', nullable: true })
  hemforsakring: boolean | null

  @Column({ type: 'boolean', name: 'rekommenderar_avslut', nullable: true })
  rekommenderarAvslut: boolean | null

  @Column({ type: 'text', nullable: true })
  kommentar: string | null

  @Column({ type: 'timestamptz', nullable: true })
  besvarad: Date | null

  @Column({ type: 'text', name: 'besvarad_av', nullable: true })
  besvaradAv: string | null

  @Column({ type: 'date', nullable: true })
  paminnd: string | null

  @Column({ type: 'text', nullable: true })
  utfall: string | null

  @Column({ type: 'text', nullable: true })
  motivering: string | null

  @Column({ type: 'timestamptz', nullable: true })
  beslutad: Date | null

  @Column({ type: 'text', name: 'beslutad_av', nullable: true })
  beslutadAv: string | null

  @Column({ type: 'uuid', name: 'kriterieuppsattning_id', nullable: true })
  kriterieuppsattningId: string | null

  @Column({ type: 'jsonb', nullable: true })
  bedomning: object | null

  @CreateDateColumn({ type: 'timestamptz' })
  skapad: Date

  @UpdateDateColumn({ type: 'timestamptz' })
  andrad: Date

  @ManyToOne(
    () => Hyresgaranti,
    hyresgaranti => hyresgaranti.genomgangar,
  )
  @JoinColumn({ name: 'hyresgaranti_id' })
  hyresgaranti: Relation<Hyresgaranti>

  @ManyToOne(() => Genomgangsomgang)
  @JoinColumn({ name: 'period' })
  omgang: Genomgangsomgang
}
