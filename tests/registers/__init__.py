"""Synthetic register files in every format: invented people, labelled faults."""
