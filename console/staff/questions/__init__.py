"""Questions: what found no answer, and teaching the assistant what it means."""
