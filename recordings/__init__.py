"""Signals and the truth about them: SigMF, scenarios, and the maker that turns a scenario into IQ.

Made signals go to files and loopback only: nothing here can transmit.
"""
