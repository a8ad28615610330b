"""From a profile's YAML to rules that are known to make sense, and to a compiled profile."""
