"""An echo for SCF's runtime API and for AWS Lambda's, on one kept connection."""

import os
import socket

AWS = os.environ.get("AWS_LAMBDA_RUNTIME_API")
if AWS:
    ADDRESS, _, PATH = AWS.partition("/")
    HOST, PORT = ADDRESS.split(":")
    ROOT = b"/%s2018-06-01/runtime/invocation/" % (PATH.encode() + b"/" if PATH else b"")
else:
    HOST, PORT = os.environ["SCF_RUNTIME_API"], os.environ["SCF_RUNTIME_API_PORT"]
    ROOT = b"/runtime/invocation/"

connection = socket.create_connection((HOST, int(PORT)))
connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def call(request: bytes, body: bytes = b"") -> tuple[bytes, bytes]:
    head = b"%s HTTP/1.1\r\nHost: runtime\r\nContent-Length: %d\r\n\r\n" % (request, len(body))
    connection.sendall(head + body)
    response = connection.recv(65536)
    while response and b"\r\n\r\n" not in response:
        response += connection.recv(65536)
    if not response:
        raise SystemExit("the runtime API has gone")
    head, body = response.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head, body


if not AWS:
    call(b"POST /runtime/init/ready", b" ")
while True:
    head, event = call(b"GET " + ROOT + b"next")
    result = b"response"
    if AWS:
        result = head.lower().split(b"lambda-runtime-aws-request-id: ")[1].split(b"\r\n")[0] + b"/response"
    call(b"POST " + ROOT + result, event)
