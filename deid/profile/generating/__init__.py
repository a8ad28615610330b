"""How the built-in profiles are made from the tables they follow."""
