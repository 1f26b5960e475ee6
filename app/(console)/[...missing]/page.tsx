import { notFound } from 'next/navigation'

/** Whatever is no page, within the console's frame. */
export default function Page() {
  notFound()
}
