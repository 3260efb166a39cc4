"""The schema's history. Each step is a file of `versions` and is never changed once it was released."""
