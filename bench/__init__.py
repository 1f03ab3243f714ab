"""How fast Mezobeli is, measured on this machine: ``python -m bench`` (``make bench``).

Not shipped in the wheel.
"""
