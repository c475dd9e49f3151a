"""Every step of the configuration: what is asked, how it is checked, what is saved.

Nothing is lost when an answer does not fit: the form comes back as it was filled in.
"""
