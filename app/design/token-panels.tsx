import { Panel } from '#components/ui/panel.tsx'
import { readTokens } from './tokens.ts'

/** Colour, type, space and motion, as app/globals.css defines them. */
export function TokenPanels() {
  const { root, theme } = readTokens()
  const all = theme.flatMap(({ tokens }) => tokens)
  const named = (prefix: string) => all.filter(([name]) => name.startsWith(prefix) && !name.endsWith('--line-height'))
  return (
    <>
      <Panel title="Colour" description="Text on a ground reads at 4.5:1 or better; app/globals.test.ts measures each pair.">
        <div className="flex flex-col gap-4">
          {root
            .map(({ title, tokens }) => ({ title, tokens: tokens.filter(([, value]) => /light-dark|^#/.test(value)) }))
            .filter(({ tokens }) => tokens.length > 0)
            .map(({ title, tokens }) => (
              <section key={title} aria-label={title} className="flex flex-col gap-1.5">
                <h3 className="text-small text-ink-2">{title}</h3>
                <ul className="grid grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-2">
                  {tokens.map(([name]) => (
                    <li key={name} className="flex items-center gap-2">
                      <span className="size-7 shrink-0 rounded-control border border-line" style={{ background: `var(--${name})` }} />
                      <code className="min-w-0 wrap-anywhere">{name}</code>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
        </div>
      </Panel>
      <Panel title="Type">
        <ul className="flex flex-col gap-2">
          {named('text-').map(([name, value]) => (
            <li key={name} className="flex flex-wrap items-baseline gap-x-4">
              <code className="w-32 text-small text-ink-3">
                {name} {value}
              </code>
              <span style={{ fontSize: value, lineHeight: all.find(([other]) => other === `${name}--line-height`)?.[1] }}>aws/codecommit encrypts it</span>
            </li>
          ))}
          <li className="flex flex-wrap items-baseline gap-x-4">
            <code className="w-32 text-small text-ink-3">identifier</code>
            <span className="identifier min-w-0">arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab</span>
          </li>
          <li className="flex flex-wrap items-baseline gap-x-4">
            <code className="w-32 text-small text-ink-3">tabular</code>
            <span className="tabular">2026-11-22 22:57:13 UTC · 1,111 · 8,888</span>
          </li>
        </ul>
      </Panel>
      <Panel title="Space, corners, depth">
        <div className="flex flex-col gap-4">
          <Values tokens={[...named('spacing'), ...root.flatMap(({ tokens }) => tokens.filter(([name]) => /-(height|width)$/.test(name)))]} />
          <ul className="flex flex-wrap items-end gap-4">
            {[1, 1.5, 2, 3, 4, 6, 10].map((steps) => (
              <li key={steps} className="flex flex-col items-center gap-1 text-small text-ink-3">
                <span className="bg-accent" style={{ width: `calc(var(--spacing, 0.25rem) * ${steps})`, height: `calc(var(--spacing, 0.25rem) * ${steps})` }} />
                {steps}
              </li>
            ))}
            {[...named('radius-'), ...named('shadow-')].map(([name, value]) => (
              <li key={name} className="flex flex-col items-center gap-2 text-small text-ink-3">
                <span className="h-10 w-16 border border-line bg-raised" style={name.startsWith('radius') ? { borderRadius: value } : { boxShadow: value }} />
                {name}
              </li>
            ))}
          </ul>
        </div>
      </Panel>
      <Panel title="Motion" description="Where less motion is asked for, all of it is over at once.">
        <div className="flex flex-col gap-4">
          <Values tokens={[...root.flatMap(({ tokens }) => tokens.filter(([name]) => name.startsWith('motion-'))), ...named('ease-')]} />
          <ul className="flex flex-wrap gap-6">
            {named('animate-').map(([name, value]) => (
              <li key={name} className="flex items-center gap-2 text-small text-ink-2">
                <span className="size-5 rounded-control border-2 border-accent border-t-transparent bg-selected" style={{ animation: value }} />
                {name}
              </li>
            ))}
          </ul>
        </div>
      </Panel>
    </>
  )
}

function Values({ tokens }: { tokens: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1 text-small">
      {tokens.map(([name, value]) => (
        <div key={name} className="contents">
          <dt>
            <code>{name}</code>
          </dt>
          <dd className="text-ink-2">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
