import type { z } from 'zod'
import { defineOperation, type Operation } from '#lib/operation/define'
import { invalid } from '#lib/iam/members'

/** Declares an operation of the IAM Query API: failed constraints are answered as IAM does. */
export function defineIam<In extends z.ZodType, Subject, Out>(
  operation: Omit<Operation<In, Subject, Out>, 'service' | 'invalid'>,
): Operation<In, Subject, Out> {
  return defineOperation({ ...operation, service: 'iam', invalid })
}
