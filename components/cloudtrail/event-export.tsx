'use client'
import { paths, type EventQuery } from '#app/paths.ts'
import { Button } from '#components/ui/button.tsx'
import { Menu, MenuLink } from '#components/ui/menu.tsx'

/** All events of the conditions as a file, not only those that the page shows. */
export function EventExport({ region, query }: { region: string; query: EventQuery }) {
  return (
    <Menu
      className="w-72"
      trigger={
        <Button icon="chevronDown" className="flex-row-reverse">
          Download events
        </Button>
      }
    >
      {formats.map(([format, name, about]) => (
        <MenuLink key={format}>
          {/* Not the router's: what comes is a file. */}
          <a href={paths.eventExport(region, format, query)} download>
            <span className="flex flex-col">
              {name}
              <span className="text-small text-ink-3">{about}</span>
            </span>
          </a>
        </MenuLink>
      ))}
    </Menu>
  )
}

const formats = [
  ['csv', 'CSV', 'A line for each event, for a spreadsheet'],
  ['jsonl', 'JSON lines', 'Each record whole, for a program'],
] as const
