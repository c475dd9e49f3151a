"""What people are shown of a home and its neighbourhood, as JSON for panel and cards.

Reads; decides nothing and computes nothing that is settled, signed or cleared.
"""
