"""Panel and cards in a real browser, against a real Home Assistant with the demo."""
