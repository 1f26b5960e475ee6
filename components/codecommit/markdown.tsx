import ReactMarkdown, { defaultUrlTransform, type Components } from 'react-markdown'
import rehypeRaw from 'rehype-raw'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { linkClass } from '#components/ui/link-class.ts'

/**
 * Markdown as GitHub reads it. Its HTML is kept only as far as GitHub's own sanitizer keeps it: no scripts, no styles, no
 * event handlers. Nothing is fetched from elsewhere: a picture of elsewhere is shown as a link to it.
 *
 * `resolve` turns a path of the repository (`docs/a.md`, without a leading slash) into where the console shows it, `picture` into
 * where its bytes are; without it pictures of the repository are links too.
 */
export function Markdown({ text, folder, resolve, picture }: { text: string; folder: string; resolve: (path: string) => string; picture?: (path: string) => string }) {
  return (
    <div className={proseClass}>
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeRaw, rehypeSanitize]}
        urlTransform={(url, key) => repositoryUrl(defaultUrlTransform(url), folder, key === 'src' && picture ? picture : resolve)}
        components={picture ? { ...components, img: Picture } : components}
      >
        {text}
      </ReactMarkdown>
    </div>
  )
}

const components: Components = {
  // The page has its own title: a document's headings stand under it.
  h1: ({ children }) => <h2 className="border-b border-line pb-1 text-title font-semibold">{children}</h2>,
  h2: ({ children }) => <h3 className="border-b border-line pb-1 text-lead font-semibold">{children}</h3>,
  h3: ({ children }) => <h4 className="text-lead font-semibold">{children}</h4>,
  h4: ({ children }) => <h5 className="font-semibold">{children}</h5>,
  h5: ({ children }) => <h6 className="font-semibold">{children}</h6>,
  a: ({ href, children }) => (
    <a href={href} rel="noopener noreferrer nofollow" className={linkClass}>
      {children}
    </a>
  ),
  // What scrolls takes the focus, so that a keyboard can scroll it.
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  // A task list's boxes are to be read, not ticked.
  input: ({ checked }) => <input type="checkbox" checked={checked ?? false} disabled aria-label={checked ? 'Done' : 'Not done'} />,
  img: PictureLink,
}

/** A picture of the repository is shown; one of elsewhere is a link to it. */
function Picture({ src, alt }: { src?: unknown; alt?: string | undefined }) {
  if (typeof src !== 'string' || !src.startsWith('/')) return <PictureLink src={src} alt={alt} />
  // Next's own image component would fetch it without the viewer's session.
  // eslint-disable-next-line @next/next/no-img-element
  return <img src={src} alt={alt ?? ''} loading="lazy" className="max-w-full" />
}

function PictureLink({ src, alt }: { src?: unknown; alt?: string | undefined }) {
  if (typeof src !== 'string' || src === '') return alt
  return (
    <a href={src} rel="noopener noreferrer nofollow" className={linkClass}>
      {alt || src}
    </a>
  )
}

/** A path of the repository as the console's; what has a scheme of its own, or is a place on the page, stays. */
function repositoryUrl(url: string, folder: string, resolve: (path: string) => string): string {
  if (url === '' || url.startsWith('#') || url.startsWith('//') || /^[a-z][a-z0-9+.-]*:/i.test(url)) return url.startsWith('//') ? '' : url
  if (!URL.canParse(url, here)) return ''
  const { pathname, hash } = new URL(url, `${here}/${folder === '' ? '' : `${folder}/`}`)
  try {
    return resolve(decodeURIComponent(pathname.slice(1))) + hash
  } catch {
    return ''
  }
}

const here = 'https://repository.invalid'

const proseClass =
  'flex max-w-4xl flex-col gap-3 p-4 leading-5.5 wrap-anywhere [&_blockquote]:border-l-2 [&_blockquote]:border-line [&_blockquote]:pl-3 [&_blockquote]:text-ink-2 ' +
  '[&_ol]:list-decimal [&_ol]:pl-6 [&_ul]:list-disc [&_ul]:pl-6 [&_li]:my-0.5 [&_:not(pre)>code]:rounded-control [&_:not(pre)>code]:bg-sunken [&_:not(pre)>code]:px-1 ' +
  '[&_pre]:overflow-x-auto [&_pre]:rounded-control [&_pre]:border [&_pre]:border-line [&_pre]:bg-sunken [&_pre]:p-3 [&_pre]:text-small ' +
  '[&_table]:block [&_table]:overflow-x-auto [&_td]:border [&_td]:border-line [&_td]:px-2 [&_td]:py-1 [&_th]:border [&_th]:border-line [&_th]:px-2 [&_th]:py-1 [&_hr]:border-line'
