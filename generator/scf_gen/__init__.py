"""scf-gen: generate, run and check functions for Tencent Cloud SCF's Custom Runtime."""
