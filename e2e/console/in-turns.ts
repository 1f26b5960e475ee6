/** Does something to each of many, some at a time. */
export async function inTurns<Item>(items: readonly Item[], act: (item: Item) => Promise<unknown>, atOnce = 8): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce) await Promise.all(items.slice(from, from + atOnce).map(act))
}
