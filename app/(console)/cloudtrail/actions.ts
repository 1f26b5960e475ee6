'use server'
import { ServiceException } from '#lib/operation/exception'
import { formAction, text } from '../../form-action.ts'
import { isEventsPath } from '../../paths.ts'
import { keepFilters, savedFilters } from './saved-filters.ts'

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
  await keepFilters(
    principal.arn,
    (await savedFilters(principal.arn)).filter(({ name }) => name !== text(form, 'Name')),
  )
  return {}
})
