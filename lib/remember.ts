/**
 * One value per process under a name, made at first use.
 *
 * Under Next's custom server every module of lib/ exists three times (server, route graph, page graph), so a
 * module-level variable would be three. What is remembered is shared by all copies: keep it plain data and Node
 * built-ins, and never test it with `instanceof`.
 */
export function remember<Value>(name: string, make: () => Value): Value {
  const values = store()
  if (!values.has(name)) values.set(name, make())
  return values.get(name) as Value
}

/** Puts a value in place of a remembered one: at start (the configuration), and between tests. */
export function replaceRemembered(name: string, value: unknown): void {
  store().set(name, value)
}

/** Forgets a value: the next `remember` makes it anew. */
export function forget(name: string): void {
  store().delete(name)
}

const key = Symbol.for('codekeep.remembered')

function store(): Map<string, unknown> {
  const existing: unknown = Reflect.get(globalThis, key)
  if (existing instanceof Map) return existing as Map<string, unknown>
  const values = new Map<string, unknown>()
  Reflect.set(globalThis, key, values)
  return values
}
