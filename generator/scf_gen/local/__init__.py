"""The local SCF: Tencent's cloud API on this machine, with the emulator behind it."""
