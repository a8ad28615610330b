"""A compiled profile: which rule decides on an attribute, wherever it stands."""
