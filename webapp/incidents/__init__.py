"""What the house itself could not do: a list for administrators, with "try again"."""
