"""Labs: other systems, other programs' tests. ``pytest -m lab`` runs them; each skips with its reason."""
