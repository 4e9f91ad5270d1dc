"""Lodging online: a stand-in for the national portal, the one online door (Decree 118/2025, art. 15).

The national portal will call the same command; until a province is joined to it, citizens and the demo
lodge here.
"""
