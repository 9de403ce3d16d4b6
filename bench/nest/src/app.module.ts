import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'
import { HyresgarantierModule } from './hyresgarantier/hyresgarantier.module.js'

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.NEST_URL,
      autoLoadEntities: true,
      // Who did it, for the database's history of changes, and days as those of the other services.
      extra: { max: 10, options: '-c TimeZone=UTC -c hemvist.av=nest -c hemvist.atgard=nest' },
    }),
    HyresgarantierModule,
  ],
})
export class AppModule {}
