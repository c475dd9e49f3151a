"""What a home alone knows of itself and scores by: its own, and never public.

Use, production, what its devices could have done, what it said of periods to come.
Readings and trades come in as settled; nothing of this goes out but a bucket of points.
"""
