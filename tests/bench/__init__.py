"""What things cost as tables grow, and how fast the rest is (`python -m tests.bench --help`, `make bench`).

Seconds depend on the machine and say little; what is written down are ratios: to the same with a hundredth of the
rows, to a block's time, to another hash.
"""
