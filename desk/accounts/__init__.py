"""How members of staff sign in: passwords, second factors, sessions, one-time links and throttling.

``desk.staff`` knows who the members are and what is theirs; this package knows how somebody proves to be one.
"""
