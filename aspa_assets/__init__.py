"""What is computed and in which order: the lineage, its automation and the command line."""
