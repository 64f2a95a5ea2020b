"""Sources as programs in the sandbox read them: from the disk, or over HTTP from the worker."""
