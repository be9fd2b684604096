"""Field tables that several commands share."""
