import { concat, uint16, uint32, utf8 } from '#lib/crypto/bytes'
import { decodeEncryptionContext, type EncryptionContext } from '#lib/crypto/encryption-context'
import { IntegrityError } from '#lib/crypto/integrity-error'

/** Bytes of content in a frame, unless the writer says otherwise. */
export const defaultFrameLength = 1 << 20

/** The longest frame written or read: what an opener must hold in memory before it may release a byte. */
export const maximumFrameLength = 64 << 20

/** GCM tag, in every place of the message. */
export const tagLength = 16
/** GCM IV, in every place of the message. */
export const ivLength = 12

/**
 * The header of a sealed message (docs/formats.md section 7): message format 2.0 of the AWS Encryption SDK, suite 0x0478,
 * framed, one data key wrapped by a Raw AES keyring.
 *
 * Nothing of it is authentic until the wrapping key has verified it: `keyName` finds that key, the rest is for `openBytes`
 * and its kin.
 */
export type MessageHeader = Readonly<{
  messageId: Uint8Array
  /** As in the header; an opener compares it with the one it expects. */
  encryptionContext: EncryptionContext
  /** The same as its bytes. */
  encodedContext: Uint8Array
  keyNamespace: string
  /** Which wrapping key the message's data key is wrapped under. */
  keyName: string
  wrapIv: Uint8Array
  /** The message's data key, encrypted, and the tag. */
  wrappedDataKey: Uint8Array
  /** Bytes of content in every frame but the last. */
  frameLength: number
  commitment: Uint8Array
  /** The bytes that the header's tag covers. */
  authenticated: Uint8Array
  tag: Uint8Array
  /** Bytes of the whole header, tag included: where the first frame begins. */
  headerLength: number
}>

/** What a header is made of; its tag comes after, over these bytes. */
export type HeaderFields = Pick<
  MessageHeader,
  'messageId' | 'encodedContext' | 'keyNamespace' | 'keyName' | 'wrapIv' | 'wrappedDataKey' | 'frameLength' | 'commitment'
>

/** The header's bytes up to its tag. */
export function encodeMessageHeader(fields: HeaderFields): Uint8Array {
  const providerId = utf8(fields.keyNamespace)
  const providerInfo = concat(utf8(fields.keyName), wrapParameters, fields.wrapIv)
  return concat(
    prefix,
    fields.messageId,
    framed(fields.encodedContext),
    uint16(1),
    framed(providerId),
    framed(providerInfo),
    framed(fields.wrappedDataKey),
    framedContent,
    uint32(fields.frameLength),
    fields.commitment,
  )
}

/**
 * Reads the header at the beginning of a message. The values are copies; what follows the header is not looked at.
 *
 * @throws IntegrityError when these bytes do not begin with a header of the one kind that we write, or end within it
 */
export function readMessageHeader(bytes: Uint8Array): MessageHeader {
  const header = parseMessageHeader(bytes)
  if (header === undefined) throw new IntegrityError('message ends within its header')
  return header
}

/**
 * The same for a message that is still arriving: undefined while more bytes are needed.
 *
 * @throws IntegrityError as soon as the bytes cannot become a header
 */
export function parseMessageHeader(bytes: Uint8Array): MessageHeader | undefined {
  let offset = 0
  // Copies: the bytes may be a stream's buffer that is used again (and a Buffer's `slice` is none).
  const take = (length: number): Uint8Array => {
    const part = new Uint8Array(bytes.subarray(offset, offset + length))
    offset += length
    return part
  }
  const number = (length: 2 | 4): number => Buffer.concat([take(length), missing]).readUIntBE(0, length)
  const text = (part: Uint8Array): string => Buffer.from(part).toString('utf8')
  const cut = (): boolean => offset > bytes.length

  expect(take(prefix.length), prefix, 'version or algorithm suite')
  const messageId = take(messageIdLength)
  const encodedContext = take(number(2))
  if (cut()) return undefined
  const encryptionContext = decodeEncryptionContext(encodedContext)
  if (encryptionContext === undefined) throw new IntegrityError('encryption context of a message is malformed')
  expect(take(2), uint16(1), 'number of encrypted data keys')
  const providerId = take(number(2))
  const providerInfo = take(number(2))
  if (cut()) return undefined
  const keyNameLength = providerInfo.length - wrapParameters.length - ivLength
  if (keyNameLength < 0) throw new IntegrityError('provider info of a message is too short')
  expect(providerInfo.subarray(keyNameLength, -ivLength), wrapParameters, 'key wrapping')
  expect(take(2), uint16(wrappedDataKeyLength), 'length of the encrypted data key')
  const wrappedDataKey = take(wrappedDataKeyLength)
  expect(take(1), framedContent, 'content type')
  const frameLength = number(4)
  const commitment = take(commitmentLength)
  const authenticated = new Uint8Array(bytes.subarray(0, offset))
  const tag = take(tagLength)
  if (cut()) return undefined
  if (frameLength < 1 || frameLength > maximumFrameLength) {
    throw new IntegrityError(`frame length ${frameLength} of a message is out of range`)
  }
  return {
    messageId,
    encryptionContext,
    encodedContext,
    keyNamespace: text(providerId),
    keyName: text(providerInfo.subarray(0, keyNameLength)),
    wrapIv: providerInfo.subarray(-ivLength),
    wrappedDataKey,
    frameLength,
    commitment,
    authenticated,
    tag,
    headerLength: offset,
  }
}

/** Bytes of a header's message id, of a data key, and of the commitment to it. */
export const messageIdLength = 32
export const dataKeyLength = 32
export const commitmentLength = 32
const wrappedDataKeyLength = dataKeyLength + tagLength

/** Version 2.0, suite AES_256_GCM_HKDF_SHA512_COMMIT_KEY. */
const prefix = new Uint8Array([0x02, 0x04, 0x78])
const framedContent = new Uint8Array([0x02])
/** Tag length in bits and IV length, as a Raw AES keyring writes them before the IV. */
const wrapParameters = concat(uint32(tagLength * 8), uint32(ivLength))
/** Stands in for the bytes of a number that have not arrived; its value is not used. */
const missing = new Uint8Array(4)

function framed(bytes: Uint8Array): Uint8Array {
  return concat(uint16(bytes.length), bytes)
}

/** Fails when bytes that have arrived are not the ones that every message of ours has here. */
function expect(actual: Uint8Array, expected: Uint8Array, what: string): void {
  if (Buffer.compare(actual, expected.subarray(0, actual.length)) !== 0) {
    throw new IntegrityError(`${what} of a message is not one that is read here`)
  }
}
