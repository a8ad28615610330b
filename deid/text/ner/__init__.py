"""The last evidence: a model that marks names, places and institutions, and what its answers are worth."""
