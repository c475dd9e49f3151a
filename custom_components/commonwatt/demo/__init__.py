"""The demo neighbourhood in Home Assistant: a simulated street around a home.

Glue only: the street is ``engine.simulation``, the devices are ``drivers.simulated``
and are read by the same Modbus drivers as everybody's.
"""
