"""The demo province: real procedures and offices, invented people, a few hundred dossiers in every state."""
