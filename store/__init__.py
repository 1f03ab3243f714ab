"""Where rows live: the engine, sessions, base types, the clock and the migrations."""
