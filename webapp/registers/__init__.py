"""Sổ theo dõi hồ sơ: the tracking register as page, PDF and workbook."""
