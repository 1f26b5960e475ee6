import { encode } from 'uqr'

/** A QR code as the path of its dark modules, one unit wide each, in a square of `size` units with the quiet zone around it. */
export type QrCode = Readonly<{ path: string; size: number }>

/** The QR code of a text, with the error correction that screens are read with (M). */
export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: 'M', border: quietZone })
  // Runs of dark modules in a row are one rectangle.
  const runs = data.flatMap((row, y) => [...row.map((dark) => (dark ? '1' : '0')).join('').matchAll(/1+/g)].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`))
  return { path: runs.join(''), size }
}

/** ISO/IEC 18004: four modules of light around it. */
const quietZone = 4
