"""Things with a plug, behind small protocols."""
