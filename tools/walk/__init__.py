"""A walk through a real Home Assistant, as a user takes it, in four minutes.

Homes and devices are added through the forms of a browser, everything that can go wrong
is made to go wrong, devices die and come back, Home Assistant is restarted and killed,
and at the end everything is removed.  Ours is only what our loggers say.
"""
