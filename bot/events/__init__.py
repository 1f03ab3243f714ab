"""Events in words: what is on, one event, coming to it, subscriptions, reminders, and the news of them."""
