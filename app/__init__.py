"""The one place that wires everything: settings, the ``mezobeli`` command, the all-in-one process."""
