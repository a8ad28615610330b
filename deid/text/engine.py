class TextEngine: pass
