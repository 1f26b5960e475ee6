import { db } from '#lib/db'

/** What a principal has chosen in the console under a name: a welcome page seen, columns. Undefined where nothing was. */
export async function readPreference(principalArn: string, name: string): Promise<string | undefined> {
  const preference = await db().consolePreference.findUnique({ where: { principalArn_name: { principalArn, name } } })
  return preference?.value
}

/** Keeps what a principal has chosen in the console. It concerns nobody else and is no event. */
export async function keepPreference(principalArn: string, name: string, value: string): Promise<void> {
  await db().consolePreference.upsert({
    where: { principalArn_name: { principalArn, name } },
    create: { principalArn, name, value },
    update: { value },
  })
}
