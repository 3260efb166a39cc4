"""Where an emitter is: one file a kind of evidence, one common likelihood."""
