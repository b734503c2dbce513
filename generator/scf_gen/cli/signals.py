"""Which signals end a command."""

import signal


def ending() -> list[signal.Signals]:
    """Those that end a command besides SIGINT, but for what whoever started it has ignored, as nohup does."""
    return [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is not signal.SIG_IGN]
