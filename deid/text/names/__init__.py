"""Names, places and institutions by what stands around them, and by the lists that hold them."""
