"""Evidence first: the subject's own values, found however they are written or misread."""
