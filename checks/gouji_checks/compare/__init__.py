"""This year's figures against last year's: what is compared is declared in the form."""
