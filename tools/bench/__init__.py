"""One module per benchmark; ``script/bench NAME`` runs the module of that name."""
