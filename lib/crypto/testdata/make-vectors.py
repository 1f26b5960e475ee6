"""Makes the vectors of lib/crypto and lib/kms: a second implementation, from docs/formats.md alone.

    python3 lib/crypto/testdata/make-vectors.py        (needs the package `cryptography`)

Inputs are fixed, so a second run writes the same files.
"""
import base64
import hashlib
import hmac
import json
import struct
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.kbkdf import CounterLocation, KBKDFHMAC, Mode
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

here = Path(__file__).parent
kms = here.parent.parent / "kms" / "testdata"
kms.mkdir(parents=True, exist_ok=True)


def write(path, vectors):
    path.write_text(json.dumps(vectors, indent=2, ensure_ascii=True) + "\n")


def drawn(name, length=32):
    """Bytes that look random and are the same in every run."""
    return hashlib.shake_256(name.encode()).digest(length)


def framed(data):
    return struct.pack(">H", len(data)) + data


def encode_context(context):
    if not context:
        return b""
    pairs = sorted((key.encode(), value.encode()) for key, value in context.items())
    return struct.pack(">H", len(pairs)) + b"".join(framed(key) + framed(value) for key, value in pairs)


def derive(key, label, context, length=32):
    kdf = KBKDFHMAC(hashes.SHA256(), Mode.CounterMode, length, 4, 4, CounterLocation.BeforeFixed, label.encode(), context, None)
    derived = kdf.derive(key)
    # The same once more by hand, so that the library's reading of the standard is checked too.
    blocks = b""
    for counter in range(1, -(-length // 32) + 1):
        fixed = label.encode() + b"\0" + context + struct.pack(">I", length * 8)
        blocks += hmac.new(key, struct.pack(">I", counter) + fixed, hashlib.sha256).digest()
    assert derived == blocks[:length]
    return derived


contexts = {
    "empty": {},
    "a repository": {"aws:codecommit:repository-id": "f7579e13-b83e-4027-aaef-650c0EXAMPLE"},
    "key ab, value c": {"ab": "c"},
    "key a, value bc": {"a": "bc"},
    "an empty key and an empty value": {"": ""},
    "sorted by UTF-8 bytes": {"\U00010000": "1", "\ufffd": "2", "\u00e9": "3", "Z": "4", "a": "5"},
    "names that JavaScript objects have": {"__proto__": "1", "constructor": "2", "10": "3", "9": "4"},
}
write(here / "encryption-context.json", [
    {"name": name, "pairs": list(context.items()), "encoded": encode_context(context).hex()}
    for name, context in contexts.items()
])

write(here / "derive.json", [
    {"name": name, "key": key.hex(), "label": label, "context": context.hex(), "length": length,
     "derived": derive(key, label, context, length).hex()}
    for name, key, label, context, length in [
        ("32 bytes", drawn("key"), "codekeep ciphertext blob", drawn("nonce", 16), 32),
        ("no context", drawn("key"), "codekeep root key id", b"", 16),
        ("label beyond ASCII", drawn("key"), "sch\u00fcssel", b"\0\0", 32),
        ("two blocks and a bit", drawn("key"), "long", drawn("context", 100), 70),
        ("one byte", drawn("short key", 1), "x", b"y", 1),
    ]
])

write(here / "aead.json", [
    {"name": name, "key": key.hex(), "plaintext": plaintext.hex(), "associatedData": data.hex(),
     "sealed": (nonce + AESGCM(key).encrypt(nonce, plaintext, data)).hex()}
    for name, key, nonce, plaintext, data in [
        ("nothing", drawn("k1"), drawn("n1", 12), b"", b""),
        ("a data key", drawn("k2"), drawn("n2", 12), drawn("p2"), b"associated"),
        ("a page", drawn("k3"), drawn("n3", 12), drawn("p3", 100), drawn("a3", 70)),
        ("test case 16 of the GCM specification",
         bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2), bytes.fromhex("cafebabefacedbaddecaf888"),
         bytes.fromhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"),
         bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")),
    ]
])


def phc(password, ln, r, p, salt):
    derived = Scrypt(salt, 32, 2**ln, r, p).derive(password.encode())
    plain = lambda data: base64.b64encode(data).decode().rstrip("=")
    return f"$scrypt$ln={ln},r={r},p={p}${plain(salt)}${plain(derived)}"


write(here / "password.json", [
    {"password": password, "hash": phc(kept, ln, r, p, drawn(password, 16))}
    for password, kept, ln, r, p in [
        ("correct horse battery staple", "correct horse battery staple", 15, 8, 3),
        ("", "", 10, 8, 1),
        # Typed on another keyboard: the compatibility forms are one password.
        ("A\u030angstro\u0308m \ufb01", "\u00c5ngstr\u00f6m fi", 10, 8, 1),
    ]
])


def message(wrapping_key, namespace, name, context, frame_length, plaintext, empty_final, seed):
    message_id, data_key, wrap_iv = drawn(seed + " id"), drawn(seed + " data key"), drawn(seed + " iv", 12)
    aad = encode_context(context)
    expand = lambda info: HKDF(hashes.SHA512(), 32, message_id, info).derive(data_key)
    frame_key, commitment = expand(b"\x04\x78DERIVEKEY"), expand(b"COMMITKEY")
    info = name.encode() + struct.pack(">II", 128, 12) + wrap_iv
    header = (
        b"\x02\x04\x78" + message_id + framed(aad) + b"\0\1" + framed(namespace.encode()) + framed(info)
        + framed(AESGCM(wrapping_key).encrypt(wrap_iv, data_key, aad)) + b"\x02" + struct.pack(">I", frame_length) + commitment
    )
    whole = header + AESGCM(frame_key).encrypt(bytes(12), b"", header)
    frames = [plaintext[i:i + frame_length] for i in range(0, len(plaintext), frame_length)] or [b""]
    if empty_final and plaintext:
        frames.append(b"")
    for number, content in enumerate(frames, 1):
        final = number == len(frames)
        iv = bytes(8) + struct.pack(">I", number)
        kind = b"AWSKMSEncryptionClient Final Frame" if final else b"AWSKMSEncryptionClient Frame"
        sealed = AESGCM(frame_key).encrypt(iv, content, message_id + kind + struct.pack(">IQ", number, len(content)))
        if final:
            whole += b"\xff\xff\xff\xff" + struct.pack(">I", number) + iv + struct.pack(">I", len(content)) + sealed
        else:
            whole += struct.pack(">I", number) + iv + sealed
    return whole


repository = contexts["a repository"]
write(here / "message.json", [
    {"name": name, "wrappingKey": drawn("wrapping key").hex(), "encryptionContext": context, "plaintext": plaintext.hex(),
     "header": {"keyNamespace": "codekeep", "keyName": key_name, "frameLength": frame_length, "encryptionContext": context},
     "message": message(drawn("wrapping key"), "codekeep", key_name, context, frame_length, plaintext, empty_final, name).hex()}
    for name, key_name, context, frame_length, plaintext, empty_final in [
        ("empty", "key-1", repository, 1 << 20, b"", False),
        ("one short frame", "key-1", repository, 1 << 20, b"refs/heads/main", False),
        ("exactly one frame", "key-1", repository, 16, drawn("p16", 16), False),
        ("a frame and an empty one", "key-1", repository, 16, drawn("p16", 16), True),
        ("several frames", "schl\u00fcssel", contexts["sorted by UTF-8 bytes"], 7, drawn("p50", 50), False),
        ("no context", "", {}, 10, drawn("p11", 11), False),
    ]
])

# The formats of lib/kms.
arn = "arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
root_key, material = drawn("root key"), drawn("key material")
material_id = derive(material, "codekeep key material id", arn.encode())


def wrapped(rotation):
    root_id = derive(root_key, "codekeep root key id", b"", 16)
    nonce = drawn(f"wrap nonce {rotation}", 12)
    data = b"\x01" + root_id + framed(arn.encode()) + material_id + struct.pack(">I", rotation)
    key = derive(root_key, "codekeep key material wrapping", material_id)
    return b"\x01" + root_id + nonce + AESGCM(key).encrypt(nonce, material, data)


write(kms / "wrapped-key-material.json", [
    {"rootKey": root_key.hex(), "rootKeyId": derive(root_key, "codekeep root key id", b"", 16).hex(), "keyArn": arn,
     "rotation": rotation, "keyMaterial": material.hex(), "keyMaterialId": material_id.hex(), "wrapped": wrapped(rotation).hex()}
    for rotation in (0, 1)
])


def blob(kind, nonce, context, plaintext):
    header = b"\x01\x02" + bytes([kind]) + b"\x00\x78" + material_id + b"\x01" + nonce
    key = derive(material, "codekeep ciphertext blob", nonce)
    sealed = AESGCM(key).encrypt(bytes(12), plaintext, header + encode_context(context))
    return header + struct.pack(">I", len(sealed)) + sealed


write(kms / "ciphertext-blob.json", [
    {"name": name, "keyMaterial": material.hex(), "keyMaterialId": material_id.hex(), "type": {2: "Encrypt", 3: "GenerateDataKey"}[kind],
     "nonce": drawn(name, 16).hex(), "pairs": list(context.items()), "plaintext": plaintext.hex(),
     "blob": blob(kind, drawn(name, 16), context, plaintext).hex()}
    for name, kind, context, plaintext in [
        ("a data key", 3, repository, drawn("data key")),
        ("one byte without a context", 2, {}, b"x"),
        ("a re-cut context, ab and c", 2, {"ab": "c"}, b"secret"),
        ("a re-cut context, a and bc", 2, {"a": "bc"}, b"secret"),
        ("the most that Encrypt takes", 2, repository, drawn("4096", 4096)),
    ]
])
