// A process of its own that writes to a database file through the durable adapter: for the tests of lib/database.
//
//   sqlite-writer.ts <file> increment <times>    adds 1 to a number, reading it first, so many times
//   sqlite-writer.ts <file> acknowledge          inserts rows for ever, and prints the name of each once it is stored
import { argv, stdout } from 'node:process'
import { PrismaClient } from '#prisma/sqlite/generated/client.ts'
import { DurableSqlite } from '#lib/database/sqlite-adapter'

const [, , file = '', mode, times = '0'] = argv
const client = new PrismaClient({ adapter: new DurableSqlite(file) })

if (mode === 'increment') {
  const counter = { principalArn_name: { principalArn: 'counter', name: 'counter' } }
  for (let time = 0; time < Number(times); time++) {
    await client.$transaction(
      async (tx) => {
        const { value } = await tx.consolePreference.findUniqueOrThrow({ where: counter })
        await tx.consolePreference.update({ where: counter, data: { value: String(Number(value) + 1) } })
      },
      { timeout: 60_000, maxWait: 60_000 },
    )
  }
  await client.$disconnect()
} else if (mode === 'acknowledge') {
  for (let number = 0; ; number++) {
    const name = crypto.randomUUID()
    // Alone and in transactions, by turns.
    if (number % 2 === 0) await client.consolePreference.create({ data: { principalArn: 'writer', name, value: '' } })
    else {
      await client.$transaction(async (tx) => {
        await tx.consolePreference.create({ data: { principalArn: 'writer', name, value: '' } })
        await tx.consolePreference.update({ where: { principalArn_name: { principalArn: 'writer', name } }, data: { value: 'twice' } })
      })
    }
    stdout.write(`${name}\n`)
  }
}
