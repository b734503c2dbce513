"""Functions on Tencent Cloud, or on a local SCF, by Tencent's own SDK."""
