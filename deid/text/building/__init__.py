"""How the word lists in `deid/text/tables` are made, by `deid.text.build_vocabulary`. Not used at run time."""
