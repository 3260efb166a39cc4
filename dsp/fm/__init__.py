"""FM broadcasting: from IQ to what a station broadcast, one file a stage."""
