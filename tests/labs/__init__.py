"""Labs: other systems, other programs' tests. ``pytest -m lab tests/labs`` runs them; each skips with its reason."""
