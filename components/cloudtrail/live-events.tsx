'use client'
import { useEffect, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Status } from '#components/ui/badge.tsx'

/** Events as they come in, while that is wanted. */
export type LiveEvents = Readonly<{
  wanted: boolean
  state: 'off' | 'connecting' | 'on' | 'refused'
  /** JSON, newest first */
  records: readonly string[]
  /** How many came, of which the list keeps the newest. */
  count: number
  toggle: () => void
}>

/** Follows a stream of events once that is asked for. It ends with the page, and with the session or the permission behind it. */
export function useLiveEvents(stream: string): LiveEvents {
  const [wanted, setWanted] = useState(false)
  const [state, setState] = useState<LiveEvents['state']>('off')
  const [came, setCame] = useState<Readonly<{ records: readonly string[]; count: number }>>(none)
  useEffect(() => {
    if (!wanted) return
    const source = new EventSource(stream)
    source.onopen = () => setState('on')
    source.onmessage = ({ data }: MessageEvent<string>) =>
      setCame(({ records, count }) => ({ records: [data, ...records].slice(0, mostKept), count: count + 1 }))
    source.addEventListener('refused', () => {
      setState('refused')
      setWanted(false)
      source.close()
    })
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) {
        setState('refused')
        setWanted(false)
      } else setState('connecting')
    }
    return () => source.close()
  }, [wanted, stream])
  return {
    wanted,
    state,
    ...came,
    toggle: () => {
      setState(wanted ? 'off' : 'connecting')
      if (!wanted) setCame(none)
      setWanted(!wanted)
    },
  }
}

/** Whether events are followed, and the button for it. */
export function LiveBar({ live }: { live: LiveEvents }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button aria-pressed={live.wanted} onClick={live.toggle} className={live.wanted ? 'bg-selected' : ''}>
        <span aria-hidden="true" className={`size-2 rounded-full ${live.state === 'on' ? 'animate-wait bg-danger' : 'border border-outline'}`} />
        Live
      </Button>
      <span role="status" className="text-small text-ink-2">
        {words(live)}
      </span>
      {live.state === 'refused' && <Status tone="warning">Stopped</Status>}
    </div>
  )
}

function words({ state, count }: LiveEvents): string {
  const came = `${count} ${count === 1 ? 'event' : 'events'}`
  switch (state) {
    case 'off':
      return count > 0 ? `Stopped after ${came}` : 'New events appear on top as they are recorded'
    case 'connecting':
      return 'Connecting…'
    case 'on':
      return count === 0 ? 'Waiting for events' : `${came} since it began`
    case 'refused':
      return 'The session has ended, or reading events is no longer allowed. Reload the page.'
  }
}

const none = { records: [], count: 0 } as const
const mostKept = 500
