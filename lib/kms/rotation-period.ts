/** When a key that was last rotated (or began to be) at `from` is due again. */
export function nextRotationAfter(from: Date, rotationPeriodInDays: number): Date {
  return new Date(from.getTime() + rotationPeriodInDays * day)
}

const day = 86_400_000
