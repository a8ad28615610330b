"""What is known of single words: clinical, ordinary, a name, spelled as names are, or nothing."""
