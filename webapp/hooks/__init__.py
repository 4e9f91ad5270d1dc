"""What other systems call: no person, no session, no cookie; each shows by its signature who it is."""
