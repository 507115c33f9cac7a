"""An example engine that needs nothing but Python: it turns vessels on a wheel and presses pictures into clay."""
