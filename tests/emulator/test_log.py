import re

from scf_gen.core.result import Kind
from scf_gen.emulator.excerpt import KEPT_BYTES

MASKS = [(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID"), (r"\d+ms", "Nms"), (r"\d+\.\d+MB", "N.NMB")]


def masked(log: bytes) -> list[str]:
    text = log.decode(errors="replace")
    for pattern, word in MASKS:
        text = re.sub(pattern, word, text)
    return text.splitlines()


def test_the_log_has_scfs_order_and_form(bootstrap, invoke):
    script = """
print('loading', flush=True); ready()
next(); log('one'); response('Hello World')
next(); error('oh')
next()
"""
    first, second = invoke(bootstrap(script), b"1", b"2")
    assert masked(first.log) == [
        "START RequestId:ID",
        "loading",
        "Init Report RequestId: ID Coldstart: Nms (PullCode: Nms InitRuntime: Nms InitFunction: Nms)"
        " Memory: 128MB MemUsage: N.NMB",
        "one",
        "Response RequestId:ID RetMsg:Hello World",
        "END RequestId:ID",
        "Report RequestId:ID Duration:Nms Memory:128MB MemUsage:N.NMB",
    ]
    assert masked(second.log) == [
        "START RequestId:ID",
        'ERROR RequestId:ID Result:{"errorCode":1,"errorMessage":"oh","requestId":"ID","statusCode":430}',
        "END RequestId:ID",
        "Report RequestId:ID Duration:Nms Memory:128MB MemUsage:N.NMB",
    ]


def test_stdout_and_stderr_are_interleaved_as_written(bootstrap, invoke):
    lines = [f"{'out' if number % 3 else 'err'} {number}" for number in range(300)]
    script = """
ready(); next()
for number in range(300): os.write(1 if number % 3 else 2, f"{'out' if number % 3 else 'err'} {number}\\n".encode())
response('x'); next()
"""
    [outcome] = invoke(bootstrap(script))
    assert outcome.log.decode().splitlines()[2:302] == lines


def test_long_lines_and_bytes_survive(bootstrap, invoke):
    script = "ready(); next(); os.write(1, b'\\xff\\x00' * 300_000); response('x'); next()"
    [outcome] = invoke(bootstrap(script), timeout_s=30)
    assert b"\xff\x00" * 300_000 + b"\nResponse " in outcome.log


def test_what_is_written_between_events_comes_with_the_next_one(bootstrap, invoke):
    script = "ready(); next(); response('a'); log('in between'); next(); response('b'); next()"
    first, second = invoke(bootstrap(script), b"1", b"2")
    assert b"in between\n" in first.log + second.log
    assert second.log.startswith(b"START ")


def test_of_a_large_log_beginning_and_end_are_kept_and_scfs_lines_whole(bootstrap, invoke):
    script = """
def fill(word):
    for number in range(100_000): log(word, f"{number:05}", "x" * 100)
fill("loading"); ready(); next(); fill("working"); response('x'); next()
"""
    [outcome] = invoke(bootstrap(script), timeout_s=60, init_timeout_s=60)
    lines = masked(outcome.log)
    left_out = [int(found) for found in re.findall(rb"\[scf-gen left out (\d+) bytes of the log here\]\n", outcome.log)]
    own = [line for line in outcome.log.splitlines(keepends=True) if line.startswith((b"loading", b"working"))]
    assert lines[0] == "START RequestId:ID"
    assert lines[1].startswith("loading 00000 x")
    assert [line[:13] for line in lines if line.startswith(("loading 99999", "Init Report", "working 00000"))] == [
        "loading 99999",
        "Init Report R",
        "working 00000",
    ]
    assert lines[-4].startswith("working 99999 x")
    assert [line.split()[0] for line in lines[-3:]] == ["Response", "END", "Report"]
    assert len(left_out) == 2
    assert len(b"".join(own)) < 2 * KEPT_BYTES
    assert 0 <= 2 * 100_000 * len("working 00000 x\n" + "x" * 99) - sum(left_out) - len(b"".join(own)) < 1000


def test_one_that_logs_without_end_is_ended_in_time(bootstrap, invoke):
    script = "ready(); next()\nblock = b'x' * 65536\nwhile True: os.write(2, block)"
    [outcome] = invoke(bootstrap(script), timeout_s=1)
    assert outcome.kind is Kind.TIMEOUT
    assert outcome.duration_ms < 2000
    assert len(outcome.log) < 2 * KEPT_BYTES
