import importlib
import os
from http.client import HTTPConnection


def post(api, path, body):
    api.request("POST", path, body)
    answer = api.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} was answered with {answer.status}")


def main():
    file, function = os.environ["_HANDLER"].split(".")
    handler = getattr(importlib.import_module(file), function)
    api = HTTPConnection(os.environ["SCF_RUNTIME_API"], int(os.environ["SCF_RUNTIME_API_PORT"]))
    post(api, "/runtime/init/ready", " ")
    while True:
        api.request("GET", "/runtime/invocation/next")
        answer = api.getresponse()
        event = answer.read()
        if answer.status != 200:
            raise SystemExit(f"there is no event: {answer.status}")
        try:
            result = handler(event, dict(answer.headers))
        except Exception as error:
            post(api, "/runtime/invocation/error", repr(error))
        else:
            post(api, "/runtime/invocation/response", result)


main()
