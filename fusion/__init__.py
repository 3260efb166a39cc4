"""Judgement across sensors: reports in, emitters, positions and cases out. Knows no socket, page or clock."""
