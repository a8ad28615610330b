"""Blacking out regions, exactly."""
