"""The pure core of Fallow: values in, values out."""
