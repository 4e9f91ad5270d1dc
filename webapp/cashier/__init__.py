"""The till: what is owed today, receipts, the day book of a cashier."""
