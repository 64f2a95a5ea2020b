"""Sources for programs without a network: the worker fetches the ranges that they ask for."""
