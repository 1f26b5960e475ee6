'use client'
import { useRef, useState, useTransition } from 'react'
import type { Action, Problem } from '#components/console/action-state.ts'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Button } from '#components/ui/button.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { useToast } from '#components/ui/toast.tsx'
import type { Explanation } from '#lib/explain/explain-access'
import { CheckList } from './check-list.tsx'
import { ExplainedPolicy } from './explained-policy.tsx'

/** The policy ID under which one more policy is supposed. */
const newPolicyId = 'new'

/**
 * An answer of the access explainer: what is decided, every check, the policies with the statements that decided; and what
 * would be decided if they said something else, before anything is saved.
 */
export function Explained({ question, region, name, explanation, ask, save }: { question: object; region: string; name: string; explanation: Explanation; ask: Action; save: Action }) {
  const [answer, setAnswer] = useState(explanation)
  const [edits, setEdits] = useState<Readonly<Record<string, string>>>({})
  const [problem, setProblem] = useState<Problem>()
  const [pending, start] = useTransition()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const asked = useRef(0)
  const toast = useToast()
  const supposed = Object.keys(edits).length > 0

  function suppose(next: Readonly<Record<string, string>>, delay: number) {
    setEdits(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => askAgain(next), delay)
  }

  function askAgain(next: Readonly<Record<string, string>>) {
    const turn = (asked.current += 1)
    start(async () => {
      const form = new FormData()
      form.set('region', region)
      form.set('question', JSON.stringify(question))
      form.set('edits', JSON.stringify(Object.entries(next).map(([PolicyId, Document]) => ({ PolicyId, Document }))))
      const result = await ask(form)
      // An answer that was overtaken by a later question is not shown.
      if (turn !== asked.current) return
      if (result.outcome === 'refused') return setProblem(result.problem)
      setProblem(undefined)
      const text = result.answer?.['explanation']
      if (text !== undefined) setAnswer(JSON.parse(text) as Explanation)
    })
  }

  function keep(policy: Explanation['Policies'][number], document: string) {
    start(async () => {
      const form = new FormData()
      form.set('region', region)
      form.set('source', policy.Source)
      form.set('policy', policy.Policy === newPolicyId ? `Explained-${Date.now().toString(36)}` : policy.Policy)
      form.set('attachedTo', policy.AttachedTo)
      form.set('document', document)
      const result = await save(form)
      if (result.outcome === 'refused') return setProblem(result.problem)
      if (result.message !== undefined) toast(result.message)
      suppose(without(edits, editKey(policy)), 0)
    })
  }

  const allowed = answer.Decision === 'Allowed'
  return (
    <>
      <Message tone={allowed ? 'success' : 'danger'} title={`${allowed ? 'Yes' : 'No'}: ${name} ${allowed ? 'may' : 'may not'} do this${supposed ? ', with the policies as edited below' : ''}`} live>
        <p>{allowed ? 'Every check passes.' : sentence(answer)}</p>
        {supposed && <p className="text-small">Nothing is saved yet.</p>}
      </Message>
      {problem && <ProblemMessage problem={problem} live />}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <Panel title="Checks" description="In the order in which they are made; the first that fails ends the request." flush>
          <CheckList authentication={answer.Authentication} checks={answer.Checks} policies={answer.Policies} />
        </Panel>
        <div className="flex min-w-0 flex-col gap-4">
          {answer.Policies.length === 0 && edits[newPolicyId] === undefined && (
            <Panel title="Policies">
              <p className="text-ink-2">No policy has a say.</p>
            </Panel>
          )}
          {answer.Policies.map((policy) => (
            <ExplainedPolicy
              key={policy.Id}
              // The editor holds what was typed; the ID of a supposed new policy is the one that it was asked by.
              policy={policy}
              checks={answer.Checks}
              edit={edits[editKey(policy)]}
              busy={pending}
              onEdit={(document) => suppose({ ...edits, [editKey(policy)]: document }, 500)}
              onPutBack={() => suppose(without(edits, editKey(policy)), 0)}
              onSave={(document) => keep(policy, document)}
            />
          ))}
          {edits[newPolicyId] === undefined && !name.startsWith('Root') && (
            <div>
              <Button icon="add" onClick={() => suppose({ ...edits, [newPolicyId]: suggestion(answer) }, 0)}>
                What if one more policy?
              </Button>
            </div>
          )}
        </div>
      </div>
    </>
  )
}

function editKey({ Policy, Id }: Explanation['Policies'][number]): string {
  return Policy === newPolicyId ? newPolicyId : Id
}

function without(edits: Readonly<Record<string, string>>, id: string): Record<string, string> {
  const { [id]: _gone, ...rest } = edits
  return rest
}

function sentence({ Authentication, Checks }: Explanation): string {
  if (Authentication.Decision === 'Refused') return Authentication.Text
  return Checks.find(({ Decision }) => Decision !== 'Allowed')?.Text ?? ''
}

/** A policy that allows what no policy allows yet. */
function suggestion({ Checks }: Explanation): string {
  const lacking = Checks.filter(({ Decision }) => Decision === 'ImplicitlyDenied')
  const asked = lacking.length > 0 ? lacking : Checks.slice(0, 1)
  const Action = [...new Set(asked.flatMap((check) => check.Action ?? []))]
  const Resource = [...new Set(asked.flatMap((check) => check.Resource ?? []))]
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] }, null, 2)
}
