# ruff: noqa: BLE001, S110 -- nothing that a handler does may end the loop
"""The wrapper: takes events from SCF's runtime API, calls the handler, posts results."""

import contextlib
import importlib.util
import json
import os
import signal
import socket
import sys
import time
import traceback

CODE_FOLDER = os.path.dirname(os.path.abspath(__file__))

# Five tries in all, with a pause after each but the last: at most 3 s.
RETRY_PAUSES_S = (0.1, 0.2, 0.4, 0.8, 0)
CONNECT_TIMEOUT_S = 0.3


def main():
    set_up_process()
    api = RuntimeApi(setting("SCF_RUNTIME_API"), setting("SCF_RUNTIME_API_PORT"))
    handler = load_handler(setting("_HANDLER"))
    require_ok("ready", api.post("/runtime/init/ready", b" ")[0])
    while True:
        serve_event(api, handler)


def set_up_process():
    sys.stdout, sys.stderr = open_log(1), open_log(2)
    sys.dont_write_bytecode = True  # the code folder is read-only
    for number in (signal.SIGTERM, signal.SIGINT):
        # Not sys.exit(): the handler could catch it, its threads could hold it up.
        signal.signal(number, lambda *_: os._exit(0))


def open_log(fd):
    # UTF-8 in any locale; line by line, so that a killed process has not lost its log.
    return open(fd, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)


def setting(name):
    value = os.environ.get(name)
    if not value:
        die(f"{name} is not set; SCF sets it, and so does `scf-gen invoke`")
    return value


def serve_event(api, handler):
    status, headers, event = api.get("/runtime/invocation/next")
    require_ok("next", status)
    path, result = run_handler(handler, event, Context(headers, event))
    flush_log()
    status = api.post(path, result)[0]
    if status != 200:
        log(f"the runtime API refused the {len(result)} bytes of the result: {status}")


# --- Handler


def load_handler(name):
    """Imports `file.function` from the folder of this file."""
    file, _, function = name.partition(".")
    if not file or not function or "." in function or not is_plain(name):
        die(f"_HANDLER must be file.function, such as index.main_handler, not {name!a}")
    path = os.path.join(CODE_FOLDER, file + ".py")
    if not os.path.isfile(path):
        die(f"{file}.py is missing; add it, or change the handler from {name}")
    handler = getattr(load_module(file, path), function, None)
    if not callable(handler):
        die(f"{file}.py has no function {function}; add it, or change the handler")
    return handler


def is_plain(name):
    return name.isprintable() and "/" not in name and "\\" not in name


def load_module(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:  # SystemExit too: it would look like a clean end
        log("\n".join(user_trace(error)))
        die(f"{name}.py cannot be loaded, see the error above")
    return module


def run_handler(handler, raw_event, context):
    """Returns the path and the body of the post that ends the invocation."""
    try:
        result = handler(parse_event(raw_event), context)
        return "/runtime/invocation/response", encode_result(result)
    except BaseException as error:  # SystemExit too: the next event needs this process
        return "/runtime/invocation/error", describe_error(error)


FUNCTION = {
    "function_name": os.environ.get("SCF_FUNCTIONNAME", ""),
    "function_version": os.environ.get("SCF_FUNCTIONVERSION", ""),
    "namespace": os.environ.get("SCF_NAMESPACE", ""),
    "tencentcloud_region": os.environ.get("TENCENTCLOUD_REGION", ""),
    "tencentcloud_appid": os.environ.get("TENCENTCLOUD_APPID", ""),
    "tencentcloud_uin": os.environ.get("TENCENTCLOUD_UIN", ""),
}


class Context(dict):
    """What SCF says of an invocation, with the keys of its built-in Python runtime."""

    def __init__(self, headers, raw_event):
        self._arrived_s = time.monotonic()
        self.raw_event = raw_event
        super().__init__(FUNCTION)
        self["request_id"] = headers.get("request_id", "")
        for limit in ("memory_limit_in_mb", "time_limit_in_ms"):
            self[limit] = to_int(headers.get(limit, ""))

    def remaining_time_in_ms(self):
        elapsed_ms = (time.monotonic() - self._arrived_s) * 1000
        return max(0, int(self["time_limit_in_ms"] - elapsed_ms))


def to_int(text):
    return int(text) if text.isdigit() else 0


# --- Events, results and errors


def refuse_constant(name):
    raise ValueError(f"{name} is not a JSON value")


json_decoder = json.JSONDecoder(parse_constant=refuse_constant)
json_encoder = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":")
)


def parse_event(raw_event):
    try:
        return json_decoder.decode(raw_event.decode())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the event cannot be parsed as JSON: {error}") from None


def encode_result(result):
    """Text and bytes go out as they are, anything else as JSON."""
    if isinstance(result, (bytes, bytearray, memoryview)):
        return bytes(result)
    is_text = isinstance(result, str)
    try:
        return result.encode() if is_text else to_json(result)
    except Exception as error:
        problem = f"cannot be encoded as {'UTF-8' if is_text else 'JSON'}: {error}"
        raise TypeError(f"the handler's result {problem}") from None


def to_json(value):
    # UTF-8 cannot hold a lone surrogate; its Python escape is its JSON escape as well.
    return json_encoder.encode(value).encode("utf-8", "backslashreplace")


def describe_error(error):
    name = type(error).__name__
    lines, message = [name], "the exception has no readable message"
    with contextlib.suppress(BaseException):  # its own methods may fail
        lines = user_trace(error)
        message = str(error)
    log("\n".join(lines))
    return to_json({"errorType": name, "errorMessage": message, "stackTrace": lines})


def user_trace(error):
    """The lines of the traceback from the user's first frame on."""
    frames = error.__traceback__
    while frames and is_internal(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames)).splitlines()


def is_internal(filename):
    return filename == __file__ or filename.startswith("<frozen importlib")


# --- Runtime API


class RuntimeApi:
    """HTTP/1.1 on a kept connection. A call has no timeout and leaves in one write."""

    def __init__(self, host, port):
        self.address = (host, port)
        self.host = f"{host}:{port}"
        self.socket = None
        self.received = b""

    def get(self, path):
        return self.call(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())

    def post(self, path, body):
        head = f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\n"
        return self.call(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def call(self, message):
        """Returns status, headers and body; repeats are safe, the first result wins."""
        for pause_s in RETRY_PAUSES_S:
            try:
                response = self.exchange(message)
                if response[0] < 500:
                    return response
                problem = f"status {response[0]}"
            except (OSError, ValueError) as error:  # ValueError: what came is no HTTP
                self.close()
                problem = error
            time.sleep(pause_s)
        die(f"the runtime API at {self.host} does not answer: {problem}")

    def exchange(self, message):
        if self.socket:
            try:
                return self.send(message)
            except OSError:  # closed while it was idle
                self.close()
        self.connect()
        return self.send(message)

    def connect(self):
        self.socket = socket.create_connection(self.address, CONNECT_TIMEOUT_S)
        self.socket.settimeout(None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def close(self):
        if self.socket:
            with contextlib.suppress(OSError):
                self.socket.close()
            self.socket = None

    def send(self, message):
        try:
            self.socket.sendall(message)
        except ConnectionError:
            pass  # refused half-way; the answer says why
        status = 100
        while status < 200:  # interim responses precede the real one
            status, headers = self.read_head()
        body = self.read_body(status, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status, headers, body

    def read_head(self):
        head = self.read_until(b"\r\n\r\n").decode("latin-1")
        status_line, *lines = head.split("\r\n")
        _version, status, *_reason = status_line.split()
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return int(status), headers

    def read_body(self, status, headers):
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return b"".join(self.read_chunks())
        if "content-length" in headers:
            return self.read_exactly(int(headers["content-length"]))
        if status == 204:  # has no body
            return b""
        headers["connection"] = "close"  # the body ends where the connection does
        return self.received + b"".join(iter(lambda: self.socket.recv(65536), b""))

    def read_chunks(self):
        while True:
            size = int(self.read_until(b"\r\n").partition(b";")[0], 16)
            if size == 0:
                break
            yield self.read_exactly(size)
            self.read_until(b"\r\n")
        while self.read_until(b"\r\n"):
            pass  # trailers

    def read_until(self, end):
        while end not in self.received:
            self.receive(65536)
        data, _, self.received = self.received.partition(end)
        return data

    def read_exactly(self, size):
        while len(self.received) < size:
            self.receive(size - len(self.received), socket.MSG_WAITALL)
        data, self.received = self.received[:size], self.received[size:]
        return data

    def receive(self, size, flags=0):
        data = self.socket.recv(size, flags)
        if not data:
            raise ConnectionError("it closed the connection")
        self.received += data


# --- Log and end


def require_ok(call, status):
    if status != 200:
        die(f"the runtime API answered {call} with status {status}")


def log(text):
    try:
        print(text, file=sys.stderr, flush=True)
    except Exception:
        pass  # the handler may have closed the stream, or nobody reads it


def flush_log():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass  # the handler may have closed the stream, or nobody reads it


def die(text):
    flush_log()
    log(text)
    os._exit(1)  # at once, whatever threads the handler has


if __name__ == "__main__":
    main()
