"""The pages and the API: who is asking, what they may see, and how it is said."""
