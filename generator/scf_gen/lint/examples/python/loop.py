import importlib
import os
import urllib.request

API = f"http://{os.environ['SCF_RUNTIME_API']}:{os.environ['SCF_RUNTIME_API_PORT']}/runtime"
client = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(path, body=None):
    with client.open(API + path, body) as response:
        return response.read()


file, function = os.environ["_HANDLER"].split(".")
handler = getattr(importlib.import_module(file), function)
call("/init/ready", b" ")
while True:
    event = call("/invocation/next")
    try:
        call("/invocation/response", handler(event, None))
    except Exception as error:
        call("/invocation/error", str(error).encode())
