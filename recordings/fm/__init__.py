"""An FM broadcast, from programme and radio text to its samples, one file a stage."""
