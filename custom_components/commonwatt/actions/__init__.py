"""What automations may ask of a home, one file for each kind of wish."""
