"""The reception desk: from the applicant's papers to the printed appointment, on one screen."""
