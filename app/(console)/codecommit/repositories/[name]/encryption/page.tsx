import type { Metadata } from 'next'
import { EncryptionChain } from '#components/codecommit/encryption-chain.tsx'
import { KeyUseChart } from '#components/codecommit/key-use-chart.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { VerifyNow } from '#components/codecommit/verify-now.tsx'
import { Copyable } from '#components/console/copyable.tsx'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { Badge, Status } from '#components/ui/badge.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { SummarizeEvents } from '#lib/cloudtrail/history'
import { GetRepositoryEncryption, type RepositoryEncryption } from '#lib/codecommit/encryption'
import { ListKeyRotations } from '#lib/kms/api'
import { attempt } from '../../../../../attempt.ts'
import { paths } from '../../../../../paths.ts'
import { readQuery, readSegment } from '../../../../../query.ts'
import { chosenRegion, requestContext, type ConsoleContext } from '../../../../../session.ts'
import { verification } from '../../../actions.ts'
import { size } from '../file.tsx'
import type { RepositoryPageProps } from '../repository-page.ts'

export const metadata: Metadata = { title: 'Encryption' }

export default async function RepositoryEncryptionPage({ params, searchParams }: RepositoryPageProps) {
  const repositoryName = readSegment((await params).name)
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  const context = await requestContext(region)
  const got = await attempt(GetRepositoryEncryption, context, { repositoryName })
  if (!got.ok) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        <ProblemMessage problem={got.problem} />
      </>
    )
  }
  const encryption = got.output
  const versions = await materialVersions(context, encryption.kmsKeyArn)
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      <Panel title="From the root key to what is stored" description="Each key is stored only as the one before it has encrypted it. Whoever lacks one link opens nothing after it.">
        <div className="flex flex-col gap-6">
          <Chain region={region} encryption={encryption} versions={versions} />
          <Properties
            items={[
              ['Key ARN', <Copyable key="arn" text={encryption.kmsKeyArn} name="key ARN" />],
              ['Encryption context', <Copyable key="context" text={JSON.stringify(encryption.encryptionContext)} name="encryption context" />],
            ]}
          />
        </div>
      </Panel>
      <Panel title="Verify" description="Opens every sealed object anew and has git check every object. It goes on when this page is left.">
        <VerifyNow region={region} repositoryName={repositoryName} initial={await verification('get', region, repositoryName)} act={verification} />
      </Panel>
      <div className="grid grid-cols-1 items-start gap-4 2xl:grid-cols-2">
        <Sealed encryption={encryption} />
        <DataKeys encryption={encryption} versions={versions} />
      </div>
      <KeyUse context={context} repositoryId={encryption.repositoryId} />
      <Permissions encryption={encryption} />
    </>
  )
}

/** The versions of the key's material by their IDs, counted from 1; undefined where this user may not list them. */
async function materialVersions(context: ConsoleContext, keyArn: string): Promise<ReadonlyMap<string, number> | undefined> {
  const rotations = await attempt(ListKeyRotations, context, { KeyId: keyArn, IncludeKeyMaterial: 'ALL_KEY_MATERIAL', Limit: 1000 })
  return rotations.ok ? new Map(rotations.output.Rotations.map(({ KeyMaterialId }, index) => [KeyMaterialId, index + 1])) : undefined
}

function versionName(versions: ReadonlyMap<string, number> | undefined, keyMaterialId: string): string {
  const version = versions?.get(keyMaterialId)
  return version === undefined ? `key material ${keyMaterialId.slice(0, 8)}` : `key material version ${version}`
}

function Chain({ region, encryption, versions }: { region: string; encryption: RepositoryEncryption; versions: ReadonlyMap<string, number> | undefined }) {
  const { kmsKeyArn, rootKey, dataKeyCount, dataKeysByMaterial, sealed } = encryption
  const objects = sealed.reduce((sum, { count }) => sum + count, 0)
  const bytes = sealed.reduce((sum, { sealedBytes }) => sum + sealedBytes, 0)
  return (
    <EncryptionChain
      links={[
        { name: 'Root key', icon: 'lock', facts: ['1 key of 32 bytes', rootKey === 'file' ? 'in a file of its own' : 'in the environment'], wraps: 'wraps' },
        {
          name: <Link href={paths.key(region, kmsKeyArn.slice(kmsKeyArn.lastIndexOf('/') + 1))}>aws/codecommit</Link>,
          icon: 'key',
          facts: [<Badge key="managed" tone="managed">AWS managed</Badge>, versions === undefined ? 'You may not list its key material.' : `${versions.size} ${versions.size === 1 ? 'version' : 'versions'} of key material`],
          wraps: 'encrypts',
        },
        {
          name: 'Data keys',
          icon: 'key',
          facts: [`${dataKeyCount.toLocaleString('en')} ${dataKeyCount === 1 ? 'data key' : 'data keys'}`, ...dataKeysByMaterial.map(({ keyMaterialId, count }) => `${count.toLocaleString('en')} under ${versionName(versions, keyMaterialId)}`)],
          wraps: 'seal',
        },
        { name: 'Sealed objects', icon: 'repository', facts: [`${objects.toLocaleString('en')} ${objects === 1 ? 'object' : 'objects'}`, `${size(bytes)} as stored`] },
      ]}
    />
  )
}

function Sealed({ encryption: { sealed } }: { encryption: RepositoryEncryption }) {
  return (
    <Panel title="Sealed objects" flush>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Sealed objects">
        <table aria-label="Sealed objects" className="w-full text-left">
          <thead>
            <tr className="border-b border-line text-small text-ink-2">
              <th scope="col" className={cell}>
                Kind
              </th>
              <th scope="col" className={`${cell} text-right`}>
                Objects
              </th>
              <th scope="col" className={`${cell} text-right`}>
                In the clear
              </th>
              <th scope="col" className={`${cell} text-right`}>
                As stored
              </th>
            </tr>
          </thead>
          <tbody className="tabular">
            {sealed.map(({ kind, count, openedBytes, sealedBytes }) => (
              <tr key={kind} className="border-b border-line last:border-b-0">
                <td className={cell}>{kinds[kind] ?? kind}</td>
                <td className={`${cell} text-right`}>{count.toLocaleString('en')}</td>
                <td className={`${cell} text-right`}>{openedBytes === null ? '–' : size(openedBytes)}</td>
                <td className={`${cell} text-right`}>{size(sealedBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function DataKeys({ encryption: { newestDataKeys, dataKeyCount }, versions }: { encryption: RepositoryEncryption; versions: ReadonlyMap<string, number> | undefined }) {
  return (
    <Panel title="Data keys" description={dataKeyCount > newestDataKeys.length ? `The newest ${newestDataKeys.length} of ${dataKeyCount.toLocaleString('en')}` : undefined} flush>
      <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label="Data keys">
        <table aria-label="Data keys" className="w-full text-left">
          <thead>
            <tr className="border-b border-line text-small text-ink-2">
              <th scope="col" className={cell}>
                Data key
              </th>
              <th scope="col" className={cell}>
                Under
              </th>
              <th scope="col" className={`${cell} max-sm:hidden`}>
                Made
              </th>
              <th scope="col" className={`${cell} text-right`}>
                Seals
              </th>
            </tr>
          </thead>
          <tbody>
            {newestDataKeys.map((key) => (
              <tr key={key.id} className="border-b border-line last:border-b-0">
                <td className={cell}>
                  <span className="identifier" title={key.id}>
                    {key.id.slice(0, 8)}
                  </span>
                </td>
                <td className={cell}>{versionName(versions, key.keyMaterialId)}</td>
                <td className={`${cell} max-sm:hidden`}>
                  <Time at={key.createdAt} />
                </td>
                <td className={`${cell} tabular text-right`}>
                  {[key.sealsRefs && 'refs', key.objects > 0 && `${key.objects} ${key.objects === 1 ? 'object' : 'objects'}, ${size(key.sealedBytes)}`].filter(Boolean).join(' and ') || 'nothing now'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

async function KeyUse({ context, repositoryId }: { context: ConsoleContext; repositoryId: string }) {
  const day = 24 * 3600
  const today = Math.floor(context.time.getTime() / 1000 / day) * day
  const from = today - 29 * day
  const summary = await attempt(SummarizeEvents, context, { RepositoryId: repositoryId, EventSource: 'kms.amazonaws.com', BucketSeconds: day, StartTime: new Date(from * 1000) })
  const history = (
    <ButtonLink href={paths.events(context.region, { RepositoryId: repositoryId, EventSource: 'kms.amazonaws.com' })} icon="trail">
      These events
    </ButtonLink>
  )
  if (!summary.ok) {
    return (
      <Panel title="Use of the key">
        <ProblemMessage problem={summary.problem} />
      </Panel>
    )
  }
  const counted = new Map(summary.output.Buckets.map(({ StartTime, EventNames }) => [StartTime.getTime() / 1000, EventNames]))
  const days = Array.from({ length: 30 }, (_, index) => {
    const start = from + index * day
    return { start: new Date(start * 1000).toISOString(), counts: (counted.get(start) ?? []).map(({ Value, Count }) => ({ operation: Value, count: Count })) }
  })
  return (
    <Panel title="Use of the key" description="For this repository, by operation, over thirty days." actions={history}>
      {summary.output.Count === 0 ? <p className="text-ink-2">It was not used in these thirty days.</p> : <KeyUseChart days={days} operations={summary.output.EventNames.map(({ Value }) => Value)} />}
    </Panel>
  )
}

function Permissions({ encryption: { permissions } }: { encryption: RepositoryEncryption }) {
  return (
    <Panel title="May you?" description="CodeCommit calls these six operations on your behalf. You need no KMS permission; an explicit Deny in a policy of yours stops what needs it." flush>
      <ul aria-label="The six KMS actions">
        {permissions.map(({ action, purpose, allowed, decidedBy, message }) => (
          <li key={action} className="grid grid-cols-1 gap-x-4 gap-y-1 border-b border-line px-4 py-2 last:border-b-0 md:grid-cols-[17rem_7rem_minmax(0,1fr)]">
            <span className="flex flex-col">
              <code className="wrap-anywhere">{action}</code>
              <span className="text-small text-ink-3">{purpose}</span>
            </span>
            <Status tone={allowed ? 'success' : 'danger'}>{allowed ? 'Allowed' : 'Denied'}</Status>
            <span className="text-small text-ink-2">
              {decidedBy.map(({ policy, attachedTo, statement, effect, index }) => (
                <span key={`${policy} ${attachedTo} ${index}`} className="block wrap-anywhere">
                  {effect} by <span className="identifier text-ink">{statement}</span> of <span className="identifier">{policy}</span> of <span className="identifier">{attachedTo}</span>
                </span>
              ))}
              {decidedBy.length === 0 && message}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const kinds: Readonly<Record<string, string>> = {
  pack: 'Packs',
  idx: 'Pack indexes',
  rev: 'Reverse indexes',
  bitmap: 'Bitmaps',
  response: 'Kept answers to fetches',
  superseded: 'Replaced, to be deleted',
  refs: 'Branches and tags',
  description: 'Description',
}

const cell = 'px-4 py-1.5 align-top'
