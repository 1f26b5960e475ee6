"""Makes the vectors of lib/sigv4 with botocore, AWS's own signer.

    python3 lib/sigv4/testdata/make-vectors.py        (needs the package `botocore`)

The requests are those of AWS's "Signature Version 4 test suite" and some of ours: JSON and query calls as SDKs send them.
Text stands for bytes, one character each, as a server's HTTP parser gives it.
"""
import datetime
import hashlib
import json
from pathlib import Path
from urllib.parse import urlsplit

import botocore.auth
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

here = Path(__file__).parent
now = datetime.datetime(2015, 8, 30, 12, 36, 0)
botocore.auth.get_current_datetime = lambda: now
access_key, secret = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def received(text):
    """UTF-8 as a parser that knows only bytes hands it over."""
    return text.encode().decode("latin1")


def vector(name, method="GET", target="/", headers=(), body="", service="service", region="us-east-1", token=None, presigned=None):
    url = "https://example.amazonaws.com" + target
    request = AWSRequest(method=method, url=url, data=body.encode() or None)
    for key, value in headers:
        request.headers.add_header(key, value)
    credentials = Credentials(access_key, secret, token)
    signer = SigV4QueryAuth(credentials, service, region, expires=presigned) if presigned else SigV4Auth(credentials, service, region)
    kept = {}
    for stage in ("canonical_request", "string_to_sign"):
        original = getattr(signer, stage)
        setattr(signer, stage, lambda *args, original=original, stage=stage: kept.setdefault(stage, original(*args)))
    signer.add_auth(request)
    parts = urlsplit(request.url)
    sent = [("Host", "example.amazonaws.com")] + [(key, received(value)) for key, value in request.headers.items() if key != "Host"]
    return {
        "name": name,
        "accessKeyId": access_key,
        "secretAccessKey": secret,
        "now": now.isoformat() + "Z",
        "request": {"method": method, "path": received(parts.path), "query": received(parts.query), "headers": sent, "body": received(body)},
        "service": service,
        "region": region,
        "canonicalRequest": received(kept["canonical_request"]),
        "stringToSign": kept["string_to_sign"],
        "signature": (request.url if presigned else request.headers["Authorization"])[-64:],
    }


json_call = [
    ("Content-Type", "application/x-amz-json-1.1"),
    ("X-Amz-Target", "TrentService.Encrypt"),
    ("User-Agent", "aws-cli/1.45"),
    ("amz-sdk-invocation-id", "0c7f5c0b-0000-4000-8000-000000000000"),
]
form = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
vectors = [
    vector("get-vanilla"),
    vector("get-header-key-duplicate", headers=[("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")]),
    vector("get-header-value-order", headers=[("My-Header1", "value4"), ("My-Header1", "value1"), ("My-Header1", "value3")]),
    vector("get-header-value-trim", headers=[("My-Header1", "  value1"), ("My-Header2", ' "a   b   c"  ')]),
    vector("get-unreserved", target="/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    vector("get-utf8", target="/\u1234"),
    vector("get-vanilla-empty-query-key", target="/?Param1=value1"),
    vector("get-vanilla-query-order-key-case", target="/?Param2=value2&Param1=value1"),
    vector("get-vanilla-query-order-value", target="/?Param1=value2&Param1=value1"),
    vector("get-vanilla-query-unreserved", target="/?-._~0123456789=-._~0123456789"),
    vector("get-vanilla-query-order-encoded", target="/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1"),
    vector("get-vanilla-utf8-query", target="/?%E1%88%B4=bar"),
    vector("get-vanilla-with-session-token", token="6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"),
    vector("normalize-path/get-relative", target="/example/.."),
    vector("normalize-path/get-relative-relative", target="/example1/example2/../.."),
    vector("normalize-path/get-slash", target="//"),
    vector("normalize-path/get-slash-dot-slash", target="/./"),
    vector("normalize-path/get-slash-pointless-dot", target="/./example"),
    vector("normalize-path/get-slashes", target="//example//"),
    vector("normalize-path/get-space", target="/example%20space/"),
    vector("post-header-key-case", method="POST"),
    vector("post-header-value-case", method="POST", headers=[("My-Header1", "VALUE1")]),
    vector("post-vanilla-query", method="POST", target="/?Param1=value1"),
    vector("post-x-www-form-urlencoded", method="POST", headers=[("Content-Type", "application/x-www-form-urlencoded")], body="Param1=value1"),
    vector("date-header", headers=[("Date", "Sun, 30 Aug 2015 12:36:00 GMT")]),
    vector("header-beyond-ascii", headers=[("My-Header1", "schl\u00fcssel \u1234")]),
    vector("kms-encrypt", method="POST", headers=json_call, body='{"KeyId": "alias/app", "Plaintext": "aGVsbG8="}', service="kms", region="us-east-2"),
    vector("kms-encrypt-content-sha256", method="POST", service="kms", body="{}",
           headers=json_call + [("X-Amz-Content-SHA256", hashlib.sha256(b"{}").hexdigest())]),
    vector("iam-list-users", method="POST", headers=form, body="Action=ListUsers&Version=2010-05-08", service="iam"),
    vector("body-beyond-ascii", method="POST", headers=form, body="Action=CreateUser&UserName=J\u00fcrgen", service="iam"),
    vector("presigned-sts", target="/?Action=GetCallerIdentity&Version=2011-06-15", service="sts", presigned=900),
    vector("presigned-with-token", target="/?Action=GetCallerIdentity&Version=2011-06-15", service="sts", presigned=60,
           token="FwoGZXIvYXdzEXAMPLE/token+with=signs"),
]
(here / "requests.json").write_text(json.dumps(vectors, indent=2, ensure_ascii=True) + "\n")


def git(name, host, path, region, time):
    """What the AWS CLI's credential helper does (awscli/customizations/codecommit.py)."""
    signer = SigV4Auth(Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), "codecommit", region)
    request = AWSRequest(method="GIT", url="https://" + host + path)
    request.context["timestamp"] = time
    canonical = f"GIT\n{path}\n\nhost:{host}\n\nhost\n"
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    return {"name": name, "secretAccessKey": signer.credentials.secret_key, "host": host, "path": path, "region": region, "time": time,
            "canonicalHash": hashlib.sha256(canonical.encode()).hexdigest(), "password": f"{time}Z{signature}"}


(here / "git.json").write_text(json.dumps([
    git("a repository of AWS", "git-codecommit.us-east-2.amazonaws.com", "/v1/repos/MyDemoRepo", "us-east-2", "20190621T120000"),
    git("the helper's host, without a port", "localhost", "/v1/regions/eu-west-1/repos/hello", "eu-west-1", "20261122T230000"),
    git("git-remote-codecommit's host, with its port", "localhost:8443", "/v1/repos/hello", "eu-west-1", "20261122T230000"),
], indent=2) + "\n")
