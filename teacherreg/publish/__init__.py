"""From the registry to the site that leaders read: a file for each audience."""
