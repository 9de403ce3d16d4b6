import 'reflect-metadata'
import { ValidationPipe } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { AppModule } from './app.module.js'

const app = await NestFactory.create<NestExpressApplication>(AppModule, {
  logger: process.env.BENCH_LOG ? ['error'] : false,
})
app.useBodyParser('json', { limit: '8mb' })
app.setGlobalPrefix('v1')
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }))
await app.listen(Number(process.env.NEST_PORT), '127.0.0.1')
