import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm'

@Entity('hushall')
export class Hushall {
  @PrimaryGeneratedColumn('uuid')
  id: string

  @Column({ type: 'boolean' })
  skyddad: boolean

  @OneToMany(
    () => Person,
    person => person.hushall,
  )
  personer: Relation<Person>[]
}

@Entity('person')
export class Person {
  @PrimaryGeneratedColumn('uuid')
  id: string

  @Column({ type: 'text' })
  roll: string

  @ManyToOne(
    () => Hushall,
    hushall => hushall.personer,
  )
  @JoinColumn({ name: 'hushall_id' })
  hushall: Hushall
}
