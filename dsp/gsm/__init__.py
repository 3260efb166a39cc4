"""GSM downlink: from IQ to what a cell broadcast, one file a stage."""
