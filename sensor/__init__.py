"""The listening program: tune, call dsp, report."""
