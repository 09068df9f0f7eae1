"""Reading the tables that coding tools export."""
