"""Training the NER model that `deid` ships: `make model`. Nothing here is in the wheel or used at run time."""
