"""A community of real processes on loopback, on a clock that hurries.

Nothing is faked: every member is ``script/node run`` with files, sockets and a journal
of its own.
"""
