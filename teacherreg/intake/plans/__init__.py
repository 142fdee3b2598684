"""One planner a kind: what its rows come to in a registry as it is."""
