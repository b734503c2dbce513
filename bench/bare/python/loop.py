"""The smallest loop: one kept connection, no error handling; logs the event and answers with it."""

import os
import socket

address = (os.environ["SCF_RUNTIME_API"], int(os.environ["SCF_RUNTIME_API_PORT"]))
connection = socket.create_connection(address)
connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def call(request: bytes, body: bytes = b"") -> bytes:
    head = b"%s HTTP/1.1\r\nHost: scf\r\nContent-Length: %d\r\n\r\n" % (request, len(body))
    connection.sendall(head + body)
    response = connection.recv(65536)
    while b"\r\n\r\n" not in response:
        response += connection.recv(65536)
    head, body = response.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return body


call(b"POST /runtime/init/ready", b" ")
while True:
    event = call(b"GET /runtime/invocation/next")
    print(event.decode(), flush=True)
    call(b"POST /runtime/invocation/response", event)
