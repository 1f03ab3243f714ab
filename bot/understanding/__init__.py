"""From a text to what is meant: language, intent, place, service, day."""
