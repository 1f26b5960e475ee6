import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node'
import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { lstat, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, type Transform, Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isIntegrityError } from '#lib/crypto/integrity-error'
import { MessageFileWriter } from '#lib/crypto/message-file-writer'
import { openBytes, openMessage, openMessageFile, readMessageFile, readMessageHeader } from '#lib/crypto/open-message'
import { writeNewFile } from '#lib/crypto/new-file'
import { sealBytes, sealedSize, sealMessageFile, type SealOptions } from '#lib/crypto/seal-message'
import vectors from './testdata/message.json'

const mebibyte = 1 << 20
const wrappingKey = randomBytes(32)
const encryptionContext = { 'aws:codecommit:repository-id': 'f7579e13-b83e-4027-aaef-650c0EXAMPLE' }
const sealing: SealOptions = { wrappingKey, keyNamespace: 'codekeep', keyName: 'data-key-1', encryptionContext }
const opening = { wrappingKey, encryptionContext }

describe('against the AWS Encryption SDK', () => {
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const keyring = new RawAesKeyringNode({
    keyName: 'data-key-1',
    keyNamespace: 'codekeep',
    unencryptedMasterKey: new Uint8Array(wrappingKey),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    utf8Sorting: true,
  })
  const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY
  const sizes = [0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 3 * mebibyte, 5 * mebibyte + 12345]

  test.each(sizes)('the library opens what we sealed: %i bytes', async (size) => {
    const plaintext = randomBytes(size)
    const { plaintext: opened, messageHeader } = await decrypt(keyring, sealBytes(sealing, plaintext))
    expect(opened.equals(plaintext)).toBe(true)
    expect({ ...messageHeader.encryptionContext }).toEqual(encryptionContext)
  })

  test.each(sizes)('we open what the library sealed in our frames: %i bytes', async (size) => {
    const plaintext = randomBytes(size)
    const { result } = await encrypt(keyring, plaintext, { suiteId, encryptionContext, frameLength: mebibyte })
    expect(Buffer.compare(openBytes(opening, result), plaintext)).toBe(0)
    expect(Buffer.compare(await streamed(openMessage(opening), [result]), plaintext)).toBe(0)
  })

  test.each([0, 1, 4095, 4096, 4097, 8192, 1_000_000])('we open what the library sealed in its own frames: %i bytes', async (size) => {
    const plaintext = randomBytes(size)
    const { result } = await encrypt(keyring, plaintext, { suiteId, encryptionContext })
    expect(readMessageHeader(result).frameLength).toBe(4096)
    expect(Buffer.compare(openBytes(opening, result), plaintext)).toBe(0)
    expect(Buffer.compare(await streamed(openMessage(opening), [result]), plaintext)).toBe(0)
  })

  test('contexts of several pairs, beyond ASCII and empty, are the same bytes for both', async () => {
    for (const context of [{}, { b: '2', a: '1' }, { '\u{10000}': 'astral', '\ufffd': 'before it by bytes', é: 'ü', A: '', a: '' }]) {
      const plaintext = randomBytes(100)
      const ours = sealBytes({ ...sealing, encryptionContext: context }, plaintext)
      expect((await decrypt(keyring, ours)).plaintext.equals(plaintext)).toBe(true)
      const { result } = await encrypt(keyring, plaintext, { suiteId, encryptionContext: context })
      expect(Buffer.from(openBytes({ wrappingKey, encryptionContext: context }, result)).equals(plaintext)).toBe(true)
    }
  })

  test('the library reads the same key name and namespace as we do', async () => {
    const { result } = await encrypt(keyring, 'x', { suiteId, encryptionContext })
    expect(readMessageHeader(result)).toMatchObject({ keyName: 'data-key-1', keyNamespace: 'codekeep', encryptionContext })
  })
})

describe('vectors made by another implementation', () => {
  test.each(vectors)('$name', ({ wrappingKey: key, encryptionContext: context, message, plaintext, header }) => {
    const bytes = Buffer.from(message, 'hex')
    const options = { wrappingKey: Buffer.from(key, 'hex'), encryptionContext: context }
    expect(Buffer.from(openBytes(options, bytes)).toString('hex')).toBe(plaintext)
    expect(readMessageHeader(bytes)).toMatchObject(header)
  })
})

describe('round trips', () => {
  const anyMessage = fc.record({
    plaintext: fc.uint8Array({ maxLength: 300 }),
    frameLength: fc.integer({ min: 1, max: 64 }),
    encryptionContext: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), { maxKeys: 4 }),
    keyName: fc.string({ unit: 'grapheme', maxLength: 40 }),
    cuts: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 30 }),
  })

  test('every plaintext, frame length, context and key name comes back, whole and streamed in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(anyMessage, async ({ plaintext, cuts, ...given }) => {
        const options = { ...sealing, ...given }
        const sealed = sealBytes(options, plaintext)
        expect(sealed.length).toBe(sealedSize(plaintext.length, options))
        const streamSealed = await written(options, pieces(plaintext, cuts))
        expect(streamSealed.length).toBe(sealed.length)
        for (const message of [sealed, streamSealed]) {
          const { encryptionContext: context } = given
          expect(Buffer.from(openBytes({ wrappingKey, encryptionContext: context }, message))).toEqual(Buffer.from(plaintext))
          const opener = openMessage({ wrappingKey: (name) => (name === given.keyName ? wrappingKey : undefined), encryptionContext: context })
          expect(await streamed(opener, pieces(message, cuts))).toEqual(Buffer.from(plaintext))
        }
      }),
      { numRuns: 150 },
    )
  })

  test('byte by byte', async () => {
    const plaintext = randomBytes(1000)
    const options = { ...sealing, frameLength: 64 }
    const message = await written(options, bytesOf(plaintext))
    expect(await streamed(openMessage(opening), bytesOf(message))).toEqual(plaintext)
  })

  test('two messages of one plaintext share nothing but the header fields that name things', () => {
    const [one, two] = [sealBytes(sealing, Buffer.from('same')), sealBytes(sealing, Buffer.from('same'))]
    expect(readMessageHeader(one).messageId).not.toEqual(readMessageHeader(two).messageId)
    expect(one.slice(-20)).not.toEqual(two.slice(-20))
  })
})

describe('an attacker who can write to the store', () => {
  const options = { ...sealing, frameLength: 100 }
  const plaintext = randomBytes(350)
  const message = sealBytes(options, plaintext)
  const { headerLength } = readMessageHeader(message)
  const regular = 132
  const frame = (index: number): Buffer => Buffer.from(message.slice(headerLength + index * regular, headerLength + (index + 1) * regular))
  const header = Buffer.from(message.slice(0, headerLength))
  const final = Buffer.from(message.slice(headerLength + 3 * regular))

  test('cannot flip one bit anywhere: header fields, frame numbers, ciphertext, tags', async () => {
    for (let bit = 0; bit < message.length * 8; bit++) {
      const altered = Buffer.from(message)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expectIntegrityError(() => openBytes(opening, altered), `bit ${bit} of byte ${bit >> 3}`)
      // Streams are slower to try: one bit of each byte.
      if (bit % 8 === (bit >> 3) % 8) await expectStreamIntegrityError(altered)
    }
  })

  test('cannot cut the message at any place', async () => {
    for (let length = 0; length < message.length; length++) {
      expectIntegrityError(() => openBytes(opening, message.slice(0, length)), `cut to ${length}`)
      await expectStreamIntegrityError(message.slice(0, length))
    }
  })

  test('cannot append, drop, repeat or reorder frames, nor end early with the final frame', async () => {
    const forgeries = {
      appended: [header, frame(0), frame(1), frame(2), final, Buffer.alloc(1)],
      'two final frames': [header, frame(0), frame(1), frame(2), final, final],
      reordered: [header, frame(1), frame(0), frame(2), final],
      repeated: [header, frame(0), frame(0), frame(1), frame(2), final],
      dropped: [header, frame(0), frame(2), final],
      'no final frame': [header, frame(0), frame(1), frame(2)],
      'early end': [header, final],
      'header only': [header],
      nothing: [],
    }
    for (const [name, parts] of Object.entries(forgeries)) {
      expectIntegrityError(() => openBytes(opening, Buffer.concat(parts)), name)
      await expectStreamIntegrityError(Buffer.concat(parts))
    }
  })

  test('cannot put a frame or a body of another message into this one', async () => {
    const other = sealBytes(options, plaintext)
    const otherHeader = readMessageHeader(other).headerLength
    const swapped = Buffer.concat([header, other.slice(otherHeader)])
    expectIntegrityError(() => openBytes(opening, swapped), 'swapped body')
    await expectStreamIntegrityError(swapped)
  })

  test('cannot have it opened under another context, a wider or a narrower one, or a re-cut one', async () => {
    for (const context of [
      {},
      { 'aws:codecommit:repository-id': 'another' },
      { ...encryptionContext, more: 'x' },
      { 'aws:codecommit:repository-i': 'df7579e13-b83e-4027-aaef-650c0EXAMPLE' },
    ]) {
      expectIntegrityError(() => openBytes({ wrappingKey, encryptionContext: context }, message), JSON.stringify(context))
      await expect(streamed(openMessage({ wrappingKey, encryptionContext: context }), [message])).rejects.toThrow('encryption context')
    }
  })

  test('cannot have it opened with another wrapping key, or one that is not known', () => {
    expectIntegrityError(() => openBytes({ wrappingKey: randomBytes(32), encryptionContext }, message), 'another key')
    expectIntegrityError(() => openBytes({ wrappingKey: () => undefined, encryptionContext }, message), 'unknown key')
  })

  test('gets no byte of a frame released before its tag is verified', async () => {
    const altered = Buffer.from(message)
    const inSecondFrame = headerLength + regular + 50
    altered[inSecondFrame] = (altered[inSecondFrame] ?? 0) ^ 1
    const released: Buffer[] = []
    const opener = openMessage(opening).on('data', (chunk: Buffer) => released.push(chunk))
    const ended = new Promise((resolve) => opener.on('error', resolve))
    for (const byte of bytesOf(altered)) opener.write(byte)
    opener.end()
    expect(isIntegrityError(await ended)).toBe(true)
    expect(Buffer.concat(released)).toEqual(plaintext.subarray(0, 100))
  })

  test('meets an opener that fails in one way for any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, keepPrefix) => {
        const forged = keepPrefix ? Buffer.concat([header.subarray(0, 35), bytes]) : bytes
        expectIntegrityError(() => openBytes(opening, forged), 'random bytes')
      }),
      { numRuns: 500 },
    )
  })
})

describe('files', () => {
  let folder = ''
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'sealed-'))))
  afterAll(async () => rm(folder, { recursive: true }))
  const at = (name: string): string => join(folder, name)

  test.each([0, 1, mebibyte, mebibyte + 1, 20 * mebibyte + 7])('%i bytes are sealed and opened on all cores, and by the others', async (size) => {
    const plaintext = randomBytes(size)
    await writeFile(at('plain'), plaintext)
    const { bytes } = await writeNewFile(at('sealed'), (file) => sealMessageFile(at('plain'), file, sealing))
    const message = await readFile(at('sealed'))
    expect(message.length).toBe(bytes)
    expect(bytes).toBe(sealedSize(size, sealing))
    expect(Buffer.compare(openBytes(opening, message), plaintext)).toBe(0)
    await expect(openMessageFile(at('sealed'), at('opened'), opening)).resolves.toEqual({ bytes: size })
    expect((await readFile(at('opened'))).equals(plaintext)).toBe(true)
    expect((await stat(at('opened'))).mode & 0o777).toBe(0o600)
    const stream = await readMessageFile(at('sealed'), opening)
    expect(stream.bytes).toBe(size)
    expect((await collected(stream.plaintext)).equals(plaintext)).toBe(true)
  })

  test('a message of the SDK with an empty final frame, and a header longer than one read', async () => {
    const long = { ...encryptionContext, long: 'x'.repeat(20_000) }
    const { encrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    const wrappingSuite = RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING
    const keyring = new RawAesKeyringNode({ keyName: 'k', keyNamespace: 'n', unencryptedMasterKey: new Uint8Array(wrappingKey), wrappingSuite })
    const plaintext = randomBytes(10 * 4096)
    const { result } = await encrypt(keyring, plaintext, { encryptionContext: long, suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY })
    await writeFile(at('sealed'), result)
    await openMessageFile(at('sealed'), at('opened'), { wrappingKey, encryptionContext: long })
    expect((await readFile(at('opened'))).equals(plaintext)).toBe(true)
  })

  test('one altered bit in a far frame, a cut or a lengthened file: an error, and nothing is left behind', async () => {
    const message = sealBytes({ ...sealing, frameLength: 4096 }, randomBytes(50 * 4096))
    const altered = Buffer.from(message)
    altered[altered.length - 5000] = (altered[altered.length - 5000] ?? 0) ^ 4
    for (const forged of [altered, message.slice(0, -1), message.slice(0, -4200), Buffer.concat([message, Buffer.alloc(3)]), message.slice(0, 50), Buffer.alloc(0)]) {
      await writeFile(at('forged'), forged)
      await rm(at('out'), { force: true })
      await expect(openMessageFile(at('forged'), at('out'), opening)).rejects.toSatisfy(isIntegrityError)
      await expect(stat(at('out'))).rejects.toThrow('ENOENT')
      const read = async (): Promise<Buffer> => collected((await readMessageFile(at('forged'), opening)).plaintext)
      await expect(read()).rejects.toSatisfy(isIntegrityError)
    }
  })

  test('many at once share the threads and keep apart', async () => {
    const plaintexts = Array.from({ length: 6 }, () => randomBytes(3 * mebibyte + 11))
    await Promise.all(plaintexts.map(async (plaintext, index) => writeFile(at(`m${index}`), sealBytes(sealing, plaintext))))
    await Promise.all(plaintexts.map(async (_, index) => openMessageFile(at(`m${index}`), at(`p${index}`), opening)))
    for (const [index, plaintext] of plaintexts.entries()) expect((await readFile(at(`p${index}`))).equals(plaintext)).toBe(true)
  })

  test('a reader who leaves early, or reads slowly, leaves no descriptor open and gets no other frame', async () => {
    const plaintext = randomBytes(300 * 4096)
    await writeFile(at('sealed'), sealBytes({ ...sealing, frameLength: 4096 }, plaintext))
    const before = (await readdir('/proc/self/fd')).length
    for (let attempt = 0; attempt < 20; attempt++) {
      const { plaintext: stream } = await readMessageFile(at('sealed'), opening)
      for await (const part of stream) {
        expect((part as Buffer).equals(plaintext.subarray(0, 4096))).toBe(true)
        break
      }
      if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve))
    }
    expect((await readdir('/proc/self/fd')).length).toBeLessThanOrEqual(before + 2)
    const { plaintext: stream } = await readMessageFile(at('sealed'), opening)
    const parts: Buffer[] = []
    for await (const part of stream) {
      parts.push(part as Buffer)
      if (parts.length % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(Buffer.concat(parts).equals(plaintext)).toBe(true)
  })

  test('poured into slow writers at once, memory is used again only once it was written', async () => {
    const plaintexts = Array.from({ length: 5 }, () => randomBytes(9 * mebibyte + 5))
    await Promise.all(plaintexts.map((plaintext, index) => writeFile(at(`m${index}`), sealBytes(sealing, plaintext))))
    const poured = await Promise.all(
      plaintexts.map(async (_, index) => {
        const parts: Buffer[] = []
        const slow = new Writable({
          write: (chunk: Buffer, _encoding, done) => {
            // Looked at late: what another frame had been opened into meanwhile would be seen.
            setTimeout(() => {
              parts.push(Buffer.from(chunk))
              done()
            }, 1 + ((index * 7 + parts.length * 5) % 11))
          },
        })
        await (await readMessageFile(at(`m${index}`), opening)).plaintext.pourInto(slow)
        return Buffer.concat(parts)
      }),
    )
    for (const [index, plaintext] of plaintexts.entries()) expect(poured[index]?.equals(plaintext)).toBe(true)
  })

  test('of a frame that does not open nothing is poured; a writer that closes, fails or is called off ends it, and no descriptor stays open', async () => {
    const before = (await readdir('/proc/self/fd')).length
    const message = Buffer.from(sealBytes(sealing, Buffer.alloc(5 * mebibyte, 'x')))
    await writeFile(at('whole'), message)
    const third = sealedSize(0, sealing) + 2.5 * mebibyte
    message[third] = (message[third] ?? 0) ^ 1
    await writeFile(at('altered'), message)
    const pourInto = async (file: string, write: (this: Writable, chunk: Buffer, done: (error?: Error) => void) => void, signal?: AbortSignal): Promise<void> => {
      const { plaintext } = await readMessageFile(at(file), opening)
      const closed = new Promise((resolve) => plaintext.once('close', resolve))
      const writer = new Writable({
        write(chunk: Buffer, _encoding, done) {
          write.call(this, chunk, done)
        },
      })
      writer.on('error', () => undefined)
      await plaintext.pourInto(writer, signal).finally(() => closed)
    }
    let bytes = 0
    const counting = pourInto('altered', (chunk, done) => {
      bytes += chunk.length
      done()
    })
    await expect(counting).rejects.toSatisfy(isIntegrityError)
    expect(bytes).toBe(2 * mebibyte)
    const closing = pourInto('whole', function (this: Writable) {
      this.destroy()
    })
    await expect(closing).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
    await expect(pourInto('whole', (_chunk, done) => done(new Error('no room')))).rejects.toThrow('no room')
    const caller = new AbortController()
    await expect(pourInto('whole', () => caller.abort(new Error('called off')), caller.signal)).rejects.toThrow('called off')
    await expect(pourInto('whole', () => undefined, AbortSignal.abort(new Error('never begun')))).rejects.toThrow('never begun')
    expect((await readdir('/proc/self/fd')).length).toBeLessThanOrEqual(before + 2)
  })

  test('written chunk by chunk, frames sealed on all cores, it opens; a writer that is closed before its end writes no more', async () => {
    const plaintext = randomBytes(13 * mebibyte + 3)
    const message = await written(sealing, pieces(plaintext, Array.from({ length: 400 }, () => 65_536)))
    expect(Buffer.from(openBytes(opening, message)).equals(plaintext)).toBe(true)
    const file = await open(at('given-up'), 'wx')
    const writer = new MessageFileWriter(file, sealing)
    await writer.write(plaintext)
    await writer.close()
    const { size } = await file.stat()
    await expect(writer.write(plaintext)).rejects.toThrow('closed')
    await expect(writer.finish()).rejects.toThrow('closed')
    expect((await file.stat()).size).toBe(size)
    await file.close()
  })

  test.skipIf(process.platform !== 'linux')('a writer tells of a full disk by its code, at its next full frame or at its end', async () => {
    const full = await open('/dev/full', 'r+')
    const writer = new MessageFileWriter(full, sealing)
    await expect((async () => {
      for (let frame = 0; frame < 40; frame++) await writer.write(Buffer.alloc(mebibyte))
    })()).rejects.toMatchObject({ code: 'ENOSPC' })
    await writer.close()
    const short = new MessageFileWriter(full, sealing)
    await short.write(Buffer.alloc(100))
    await expect(short.finish()).rejects.toMatchObject({ code: 'ENOSPC' })
    await full.close()
  })

  test.skipIf(process.platform !== 'linux')('a full disk is told by its code, and the next file is opened as if nothing had been', async () => {
    await writeFile(at('plain'), randomBytes(5 * mebibyte))
    await writeNewFile(at('sealed'), (file) => sealMessageFile(at('plain'), file, sealing))
    await symlink('/dev/full', at('full'))
    await expect(openMessageFile(at('sealed'), at('full'), opening)).rejects.toMatchObject({ code: 'ENOSPC' })
    await expect(lstat(at('full'))).rejects.toThrow('ENOENT')
    await expect(openMessageFile(at('sealed'), at('opened'), opening)).resolves.toEqual({ bytes: 5 * mebibyte })
  })
})

test('options that cannot be used are refused before a byte is written', () => {
  const sealNothing = (options: Partial<SealOptions>) => () => sealBytes({ ...sealing, ...options }, Buffer.alloc(0))
  expect(sealNothing({ wrappingKey: randomBytes(16) })).toThrow('32 bytes')
  expect(sealNothing({ frameLength: 0 })).toThrow('out of range')
  expect(sealNothing({ frameLength: 2 ** 31 })).toThrow('out of range')
  expect(sealNothing({ keyName: '\ud800' })).toThrow('surrogate')
  expect(() => openBytes({ wrappingKey: randomBytes(16), encryptionContext }, sealBytes(sealing, randomBytes(1)))).toThrow('32 bytes')
})

async function collected(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

async function streamed(transform: Transform, chunks: Iterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = []
  const source = Readable.from(chunks, { objectMode: false })
  source.on('error', (error) => transform.destroy(error))
  for await (const part of source.pipe(transform)) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** The message that is written to a file chunk by chunk; each chunk is written over once it was taken. */
async function written(options: SealOptions, chunks: Iterable<Buffer>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'codekeep-message-'))
  const path = join(folder, 'message')
  const file = await open(path, 'wx')
  try {
    const writer = new MessageFileWriter(file, options)
    for (const chunk of chunks) {
      await writer.write(chunk)
      chunk.fill(0)
    }
    const bytes = await writer.finish()
    const message = await readFile(path)
    expect(message.length).toBe(bytes)
    return message
  } finally {
    await file.close()
    await rm(folder, { recursive: true })
  }
}

function* pieces(bytes: Uint8Array, lengths: readonly number[]): Generator<Buffer> {
  let offset = 0
  for (const length of lengths) {
    if (offset < bytes.length) yield Buffer.from(bytes.subarray(offset, offset + length))
    offset += length
  }
  if (offset < bytes.length) yield Buffer.from(bytes.subarray(offset))
}

function* bytesOf(bytes: Uint8Array): Generator<Buffer> {
  for (let offset = 0; offset < bytes.length; offset++) yield Buffer.from(bytes.subarray(offset, offset + 1))
}

function expectIntegrityError(attempt: () => unknown, what: string): void {
  let thrown: unknown = `nothing, for ${what}`
  try {
    attempt()
  } catch (error) {
    thrown = error
  }
  expect(isIntegrityError(thrown) ? 'IntegrityError' : thrown).toBe('IntegrityError')
}

async function expectStreamIntegrityError(message: Uint8Array): Promise<void> {
  await expect(streamed(openMessage(opening), [message])).rejects.toSatisfy(isIntegrityError)
}
