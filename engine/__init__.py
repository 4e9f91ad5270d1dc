"""The law of the dossier: rules, rows, transactions. Knows no web, opens no socket."""
