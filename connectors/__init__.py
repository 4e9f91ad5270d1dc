"""Foreign protocols behind the ports of the engine. Nothing here decides."""
