"""What every program's shell needs and no radio knows: words, settings, tables, exit codes. Imports nothing of ours."""
