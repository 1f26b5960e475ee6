import { isServiceException } from '#lib/operation/exception'

/**
 * What a service refused with, in the terms of the wire: `await refusal(invoke(…))`.
 * @throws Error where the work was not refused, and whatever else it failed with
 */
export async function refusal(work: Promise<unknown>): Promise<{ code: string; message: string; status: number }> {
  try {
    await work
  } catch (error) {
    if (isServiceException(error)) return { code: error.name, message: error.message, status: error.httpStatus }
    throw error
  }
  throw new Error('nothing was refused')
}
