"""The shell of Fallow: the only code that acts."""
