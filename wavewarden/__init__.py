"""The one program: it composes the rooms and is imported by none of them."""
