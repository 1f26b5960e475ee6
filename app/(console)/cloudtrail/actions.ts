'use server'
import { VerifyEvents } from '#lib/cloudtrail/verify-events'
import { invoke } from '#lib/invoke'
import { ServiceException } from '#lib/operation/exception'
import { formAction, optionalText, text } from '../../form-action.ts'
import { isEventsPath } from '../../paths.ts'
import { keepFilters, savedFilters } from './saved-filters.ts'
import { sealWords } from './seal-words.ts'

export const saveFilter = formAction(
  async ({ principal }, form) => {
    const name = text(form, 'Name').trim().slice(0, 80)
    const href = text(form, 'Href')
    if (name === '') throw new ServiceException('InvalidNameException', 'Give it a name.')
    // A saved link leads to the event history and nowhere else, whatever the form says.
    if (!isEventsPath(href) || href.length > 4000) throw new ServiceException('InvalidHrefException', 'Only a filter of the event history can be saved.')
    const others = (await savedFilters(principal.arn)).filter((filter) => filter.name !== name)
    await keepFilters(principal.arn, [{ name, href }, ...others])
    return { message: `Filter saved: ${name}` }
  },
  { InvalidNameException: 'Name' },
)

export const removeFilter = formAction(async ({ principal }, form) => {
  const name = text(form, 'Name')
  await keepFilters(
    principal.arn,
    (await savedFilters(principal.arn)).filter((filter) => filter.name !== name),
  )
  return { message: `Filter removed: ${name}` }
})

export const verifyEvents = formAction(async (context, form) => {
  const [StartTime, EndTime] = ['StartTime', 'EndTime'].map((name) => optionalText(form, name))
  const answer = await invoke(VerifyEvents, context, {
    ...(StartTime !== undefined && { StartTime: new Date(StartTime) }),
    ...(EndTime !== undefined && { EndTime: new Date(EndTime) }),
  })
  return { answer: { state: answer.state, text: sealWords(answer) } }
})
