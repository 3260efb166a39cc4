"""The downlink of a GSM cell, from what it says to its samples, one file a stage."""
