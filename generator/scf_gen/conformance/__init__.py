"""Judging any bootstrap by the contract: cases as data, a runtime API that misbehaves, verdicts."""
