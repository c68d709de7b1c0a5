"""The public contract of the phone edge, one file per feature."""
