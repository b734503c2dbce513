"""Measuring a function on the emulator, alone or in turn with another."""
