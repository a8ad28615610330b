"""What there is to de-identify: files, members of archives, lists of paths."""
