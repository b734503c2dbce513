"""SCF on this machine: runtime API, processes, clocks and outcomes."""
