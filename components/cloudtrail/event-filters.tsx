'use client'
import { useRouter } from 'next/navigation'
import { useState, useTransition, type SubmitEvent } from 'react'
import { paths, type EventQuery } from '#app/paths.ts'
import { PlainLink } from '#components/console/link.tsx'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { controlClass, selectClass } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'

type Condition = keyof Omit<EventQuery, 'token' | 'event'>

/** The conditions of the event history. All of them must hold, and all of them are in the URL. */
export function EventFilters({ region, query }: { region: string; query: EventQuery }) {
  const router = useRouter()
  const [pending, start] = useTransition()
  const [attribute, setAttribute] = useState<Condition>('RepositoryId')
  const { token: _place, event: _shown, ...conditions } = query
  const given = (Object.keys(names) as Condition[]).filter((name) => conditions[name] !== undefined)

  function show(next: EventQuery) {
    start(() => router.push(paths.events(region, next)))
  }

  function add(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const value = new FormData(event.currentTarget).get('value')
    if (typeof value !== 'string' || value.trim() === '') return
    event.currentTarget.reset()
    show({ ...conditions, [attribute]: value.trim() })
  }

  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <form onSubmit={add} role="search" className="flex min-w-0 grow flex-wrap gap-2 sm:flex-nowrap lg:max-w-2xl">
          <select aria-label="Lookup attribute" value={attribute} onChange={(event) => setAttribute(event.currentTarget.value as Condition)} className={classNames(controlClass, selectClass, 'w-full sm:w-44')}>
            {attributes.map((name) => (
              <option key={name} value={name}>
                {names[name]}
              </option>
            ))}
          </select>
          <input name="value" aria-label="Lookup value" placeholder={hints[attribute] ?? 'Value'} data-find="" autoComplete="off" spellCheck={false} className={classNames(controlClass, 'min-w-40 grow')} />
          <Button type="submit" busy={pending} className="min-h-8">
            Filter
          </Button>
        </form>
        <select
          aria-label="Outcome"
          value={conditions.Outcome ?? ''}
          onChange={(event) => show(withCondition(conditions, 'Outcome', event.currentTarget.value))}
          className={classNames(controlClass, selectClass, 'max-sm:w-full')}
        >
          <option value="">Allowed and refused</option>
          <option value="Succeeded">Done</option>
          <option value="Failed">Failed or refused</option>
          <option value="AccessDenied">Refused by policy</option>
        </select>
        <select
          aria-label="Read-only"
          value={conditions.ReadOnly ?? ''}
          onChange={(event) => show(withCondition(conditions, 'ReadOnly', event.currentTarget.value))}
          className={classNames(controlClass, selectClass, 'max-sm:w-full')}
        >
          <option value="">Reads and writes</option>
          <option value="false">Writes</option>
          <option value="true">Reads</option>
        </select>
        <select
          aria-label="Time range"
          value=""
          onChange={(event) => show({ ...withCondition(conditions, 'EndTime', ''), StartTime: `${new Date(Date.now() - Number(event.currentTarget.value) * 1000).toISOString().slice(0, 19)}Z` })}
          className={classNames(controlClass, selectClass, 'max-sm:w-full')}
        >
          <option value="" disabled>
            Time
          </option>
          {spans.map(([seconds, name]) => (
            <option key={seconds} value={seconds}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {given.length > 0 && (
        <ul aria-label="Conditions" className="flex flex-wrap items-center gap-1.5">
          {given.map((name) => (
            <li key={name} className="inline-flex max-w-full items-center rounded-control bg-selected pl-2 text-small">
              <span className="min-w-0 wrap-anywhere">
                <span className="text-ink-2">{names[name]}</span> {conditions[name]}
              </span>
              <PlainLink href={paths.events(region, withCondition(conditions, name, ''))} aria-label={`Remove the condition ${names[name]}`} className="grid size-6 shrink-0 place-items-center rounded-control text-ink-2 hover:text-ink">
                <Icon name="close" className="size-3.5" />
              </PlainLink>
            </li>
          ))}
          <li>
            <PlainLink href={paths.events(region)} className="rounded-control px-1.5 text-small text-accent hover:text-accent-hover">
              Clear all
            </PlainLink>
          </li>
        </ul>
      )}
    </div>
  )
}

function withCondition(conditions: EventQuery, name: Condition, value: string): EventQuery {
  return Object.fromEntries(Object.entries({ ...conditions, [name]: value }).filter(([, each]) => each !== ''))
}

const names: Readonly<Record<Condition, string>> = {
  RepositoryId: 'Repository ID',
  EventName: 'Event name',
  Username: 'User name',
  EventSource: 'Event source',
  ResourceName: 'Resource name',
  ResourceType: 'Resource type',
  AccessKeyId: 'AWS access key',
  EventId: 'Event ID',
  ReadOnly: 'Read-only',
  Outcome: 'Outcome',
  StartTime: 'From',
  EndTime: 'To',
}

const attributes: readonly Condition[] = ['RepositoryId', 'EventName', 'Username', 'EventSource', 'ResourceName', 'ResourceType', 'AccessKeyId', 'EventId']

const hints: Readonly<Partial<Record<Condition, string>>> = {
  RepositoryId: 'The repository ID of its settings page',
  EventName: 'Decrypt, GitPush, CreateUser…',
  EventSource: 'kms.amazonaws.com',
  ResourceName: 'The ARN of a key or a repository',
  ResourceType: 'AWS::KMS::Key',
}

const spans: readonly (readonly [seconds: number, name: string])[] = [
  [900, 'Last 15 minutes'],
  [3600, 'Last hour'],
  [86_400, 'Last day'],
  [604_800, 'Last 7 days'],
  [2_592_000, 'Last 30 days'],
]
