"""What a picture shows before any of it is read: strokes, runs of print, what is new in a frame."""
