"""Who the patient is to this run, and what replaces that: the key, the subject, pseudonyms."""
